import { Agent } from "node:http";
import { median, milliseconds, peakMegabytes, print, seconds } from "./support/figures.ts";
import { type FilledPool, withFilledPool } from "./support/filled.ts";
import { type Reading, read, readAgain } from "./support/reading.ts";
import { wholeNumber } from "./support/settings.ts";

const targets = wholeNumber("ROLLCALL_BENCH_TARGETS", 100_000);
const coldRuns = 5;
const warmRuns = 15;
const shortRuns = 50;
const readers = 200;

/**
 * A job's list of 100,000 targets over HTTP from the real serve function: cold (targets: 3 s), warm until the first byte
 * (30 ms), unchanged (5 ms), and 200 readers at a time without an error.
 */
export const bench = () =>
  withFilledPool(targets, async (pool) => {
    const rows = [["", "status", "size", "first byte", "whole", "of"]];
    for (const query of ["", "?relabel=true"]) rows.push(await cold(pool, query));
    const url = `${await pool.restart()}/sd/pods`;
    for (const query of ["", "?relabel=true", "?shard=0&of=4&relabel=true"])
      rows.push(...(await warm(url, query)));
    process.stdout.write("medians; cold: the first question to a process that has just started\n");
    print(rows);
    process.stdout.write(`\n${readers} readers at a time\n`);
    print([
      ["", "answers", "errors", "all done after", "slowest first byte", "memory"],
      ...(await crowds(url, pool)),
    ]);
  });

const row = (name: string, readings: readonly Reading[]): string[] => {
  const of = (pick: (reading: Reading) => number) => milliseconds(median(readings.map(pick)));
  const [{ status, bytes }] = readings as [Reading];
  const size = bytes > 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${bytes} B`;
  return [
    name,
    String(status),
    size,
    of(({ first }) => first),
    of(({ whole }) => whole),
    String(readings.length),
  ];
};

const cold = async (pool: FilledPool, query: string): Promise<string[]> => {
  const readings: Reading[] = [];
  for (let run = 0; run < coldRuns; run += 1)
    readings.push(await read(`${await pool.restart()}/sd/pods${query}`));
  return row(`cold ${query}`, readings);
};

const warm = async (url: string, query: string): Promise<string[][]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (headers: Record<string, string> = {}) => read(`${url}${query}`, { headers, agent });
  try {
    const { etag } = await ask();
    return [
      row(`warm ${query}`, await readAgain(warmRuns, () => ask())),
      row(`warm ${query}, gzip`, await readAgain(warmRuns, () => ask({ "Accept-Encoding": "gzip" }))),
      row(`unchanged ${query}`, await readAgain(shortRuns, () => ask({ "If-None-Match": etag }))),
    ];
  } finally {
    agent.destroy();
  }
};

const crowds = async (url: string, pool: FilledPool): Promise<string[][]> => {
  const { etag } = await read(url);
  return [
    await crowd("each reads the whole list", pool, () => read(url)),
    await crowd("each reads final targets", pool, () => read(`${url}?relabel=true`)),
    await crowd("each reads a shard of its own, final targets", pool, (reader) =>
      read(`${url}?shard=${reader}&of=${readers}&relabel=true`),
    ),
    await crowd("each asks ten times whether it changed", pool, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const all = await readAgain(10, () => read(url, { headers: { "If-None-Match": etag }, agent }));
      agent.destroy();
      return all[0]!;
    }),
  ];
};

const crowd = async (
  name: string,
  pool: FilledPool,
  work: (reader: number) => Promise<Reading>,
): Promise<string[]> => {
  const began = performance.now();
  const all = await Promise.allSettled(Array.from({ length: readers }, (_, reader) => work(reader)));
  const took = performance.now() - began;
  const read = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const good = read.filter(({ status }) => status === 200 || status === 304);
  const slowest = Math.max(...good.map(({ first }) => first));
  const errors = readers - good.length;
  return [
    name,
    String(good.length),
    String(errors),
    seconds(took),
    seconds(slowest),
    `${peakMegabytes(pool.pid())} MB`,
  ];
};
