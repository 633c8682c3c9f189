import { Agent } from "node:http";
import type { About, Figure } from "./support/figure.ts";
import { type FilledPool, withFilledPool } from "./support/filled.ts";
import { peakMegabytes } from "./support/memory.ts";
import { type Reading, read, readAgain } from "./support/reading.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, spreadOf } from "./support/statistics.ts";

export const about: About = {
  says: "A job's list of 100,000 targets over HTTP from the real serve function: cold, warm, unchanged, and 200 readers at a time.",
  minutes: 3,
};

const targets = wholeNumber("ROLLCALL_BENCH_TARGETS", 100_000);
const coldRuns = 5;
const warmRuns = 15;
const shortRuns = 50;
const readers = 200;

/** Cold: the first question to a process that has just started. */
export const bench = (): Promise<Figure[]> =>
  withFilledPool(targets, async (pool) => {
    const figures: Figure[] = [];
    for (const query of ["", "?relabel=true"]) figures.push(...(await cold(pool, query)));
    const url = `${await pool.restart()}/sd/pods`;
    for (const query of ["", "?relabel=true", "?shard=0&of=4&relabel=true"])
      figures.push(...(await warm(url, query)));
    return [...figures, ...(await crowds(url, pool))];
  });

type Target = Figure["target"];

const atMost = (milliseconds: number): Target => ({ most: milliseconds, says: `at most ${milliseconds} ms` });

const firstByte = (at: string, readings: readonly Reading[], target?: Target): Figure => {
  const first = readings.map((reading) => reading.first);
  return { name: "first byte", at, unit: "ms", ours: median(first), spread: spreadOf(first), target };
};

const whole = (at: string, readings: readonly Reading[]): Figure => {
  const all = readings.map((reading) => reading.whole);
  return { name: "whole list", at, unit: "ms", ours: median(all), spread: spreadOf(all) };
};

const cold = async (pool: FilledPool, query: string): Promise<Figure[]> => {
  const readings: Reading[] = [];
  for (let run = 0; run < coldRuns; run += 1)
    readings.push(await read(`${await pool.restart()}/sd/pods${query}`));
  const at = `cold, /sd/JOB${query}`;
  return [firstByte(at, readings, query === "" ? atMost(3000) : undefined), whole(at, readings)];
};

const warm = async (url: string, query: string): Promise<Figure[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (headers: Record<string, string> = {}) => read(`${url}${query}`, { headers, agent });
  const at = `/sd/JOB${query}`;
  try {
    const { etag, bytes } = await ask();
    const plain = await readAgain(warmRuns, () => ask());
    const packed = await readAgain(warmRuns, () => ask({ "Accept-Encoding": "gzip" }));
    const unchanged = await readAgain(shortRuns, () => ask({ "If-None-Match": etag }));
    return [
      { name: "size", at, unit: "B", ours: bytes },
      { name: "size, gzip", at, unit: "B", ours: packed[0]!.bytes },
      firstByte(`warm, ${at}`, plain, atMost(30)),
      whole(`warm, ${at}`, plain),
      whole(`warm, gzip, ${at}`, packed),
      firstByte(`unchanged (304), ${at}`, unchanged, atMost(5)),
    ];
  } finally {
    agent.destroy();
  }
};

const crowds = async (url: string, pool: FilledPool): Promise<Figure[]> => {
  const { etag } = await read(url);
  return [
    ...(await crowd("the whole list each", () => read(url))),
    ...(await crowd("final targets each", () => read(`${url}?relabel=true`))),
    ...(await crowd("a shard of final targets of its own each", (reader) =>
      read(`${url}?shard=${reader}&of=${readers}&relabel=true`),
    )),
    ...(await crowd("each asking ten times whether it changed", async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const all = await readAgain(10, () => read(url, { headers: { "If-None-Match": etag }, agent }));
      agent.destroy();
      return all[0]!;
    })),
    { name: "peak memory, the table included", unit: "MB", ours: peakMegabytes(pool.pid()) },
  ];
};

const crowd = async (what: string, work: (reader: number) => Promise<Reading>): Promise<Figure[]> => {
  const began = performance.now();
  const all = await Promise.allSettled(Array.from({ length: readers }, (_, reader) => work(reader)));
  const took = performance.now() - began;
  const read = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const good = read.filter(({ status }) => status === 200 || status === 304);
  const at = `${readers} readers, ${what}`;
  const errors: Target = { most: 0, says: "none" };
  return [
    { name: "all are answered", at, unit: "ms", ours: took },
    { name: "slowest first byte", at, unit: "ms", ours: Math.max(0, ...good.map(({ first }) => first)) },
    { name: "errors", at, unit: "", ours: readers - good.length, target: errors },
  ];
};
