import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../tests/e2e/eventually.ts";
import { startRollcall } from "../../tests/e2e/rollcall.ts";
import { startAloneRelay } from "./alonerelay.ts";
import { announcingFloor } from "./announcing.ts";
import type { Asked } from "./asked.ts";
import { answeredSoFar, podEventBytes } from "./atserver.ts";
import { type Move, moveAll, type Timed, timeChanges } from "./changes.ts";
import { access, type Cluster, job, keepMoving } from "./cluster.ts";
import { conditionalWrites } from "./floor.ts";
import { cpuSeconds, peakMegabytes } from "./memory.ts";
import { activeTargets, discovered, type StartPeer } from "./peers.ts";
import { read, readAgain } from "./reading.ts";
import { allServed, looked, writeConfig } from "./rollcall.ts";
import { resting, wholeNumber } from "./settings.ts";
import { median } from "./statistics.ts";
import { fetchText } from "./text.ts";

/** What a discovering process cost. */
export interface Discovering {
  /** CPU seconds until everything was discovered. */
  readonly cpu: number;
  /** Peak resident MB some seconds after, and after `busy` changes. */
  readonly first: number;
  readonly later: number;
  /** CPU milliseconds for each of those changes. */
  readonly each: number;
  /** Lists that the API server answered until everything was discovered, and their bytes. */
  readonly requests: number;
  readonly bytes: number;
  /** Bytes that it sent to all who watch for each change, its own control plane's controllers among them. */
  readonly sent: number;
}

export interface Answers {
  /** Milliseconds from the program's start. */
  readonly discovered: number;
  readonly timed: Timed;
  readonly list: Read;
}

/** A read of a list. */
interface Read {
  readonly bytes: number;
  /** Milliseconds. */
  readonly whole: number;
}

export interface Whole extends Answers {
  readonly served: number;
  /** Of the whole local process, its embedded table included. */
  readonly cpu: number;
  readonly memory: number;
  /** The list of all pods. */
  readonly all: Read;
}

export interface Relay extends Discovering {
  /** Milliseconds from its process's start, the bus and the table being another's, as when it is deployed. */
  readonly discovered: number;
  /** Milliseconds in which everything could have been announced. */
  readonly announced: number;
  /** Bare conditional writes a second. */
  readonly writes: number;
  /** What the bus and the table were asked for, for each change. */
  readonly asked: Asked;
}

/** The local run as `npm start` runs it. */
export const measureWhole = async (cluster: Cluster, move: Move): Promise<Whole> => {
  const began = performance.now();
  const data = join(cluster.folder, `data-${cluster.count}`);
  const rollcall = await startRollcall({ config: writeConfig(cluster), data });
  try {
    await looked(rollcall);
    const found = performance.now() - began;
    await eventually("everything is served", patience, async () => {
      // A reader that asks all the time would be what is measured.
      await sleep(750);
      const { status, body } = await fetch(`${rollcall.url}/sd/pods`);
      await body?.cancel();
      assert.equal(status, 200);
    });
    const served = performance.now() - began;
    await allServed(cluster, rollcall);
    const cpu = cpuSeconds(rollcall.pid);
    await sleep(settling);
    const timed = await time(move, fetchText(`${rollcall.url}/sd/moving`));
    const list = await reads(`${rollcall.url}/sd/moving`);
    const all = await reads(`${rollcall.url}/sd/pods`);
    return { discovered: found, served, timed, list, all, cpu, memory: peakMegabytes(rollcall.pid) };
  } finally {
    await rollcall.stop();
  }
};

/** The relay by itself, and the floors of the same control plane, bus and table. */
export const measureRelay = async (cluster: Cluster, move: Move): Promise<Relay> => {
  const asked = await countAnswered(cluster);
  const relay = await startAloneRelay(cluster);
  try {
    const began = performance.now();
    await looked(relay);
    const found = { discovered: performance.now() - began, cpu: cpuSeconds(relay.pid), ...(await asked()) };
    await allServed(cluster, relay);
    const count = async () => ({ sent: await podEventBytes(cluster.plane), ...relay.asked() });
    const { events, writes, ...busy } = await keepBusy(relay.pid, move, count);
    const measured = { ...found, ...busy, asked: { events, writes } };
    const { bus, table } = relay.aws;
    const announced = await announcingFloor({ ...cluster, bus });
    return { ...measured, announced, writes: await conditionalWrites(table) };
  } finally {
    await relay.stop();
  }
};

/** A peer that keeps only the moving pods' targets, by a rule. */
export const measurePeer = async (
  cluster: Cluster,
  move: Move,
  start: StartPeer,
): Promise<Answers & Discovering> => {
  const { plane, count, folder } = cluster;
  const pods = { ...job("pods", { role: "pod", ...access(plane) }), relabel_configs: keepMoving };
  const asked = await countAnswered(cluster);
  const began = performance.now();
  const peer = await start([pods], folder);
  try {
    await discovered(peer, count);
    const found = { discovered: performance.now() - began, cpu: cpuSeconds(peer.pid), ...(await asked()) };
    const busy = await keepBusy(peer.pid, move, async () => ({ sent: await podEventBytes(plane) }));
    const timed = await time(move, activeTargets(peer));
    return { ...found, ...busy, timed, list: await reads(`${peer.url}/api/v1/targets?state=active`) };
  } finally {
    await peer.stop();
  }
};

/** From now on. */
const countAnswered = async ({ plane }: Cluster) => {
  const before = await answeredSoFar(plane);
  return async (): Promise<Pick<Discovering, "requests" | "bytes">> => {
    const now = await answeredSoFar(plane);
    return { requests: now.requests - before.requests, bytes: now.bytes - before.bytes };
  };
};

/** Changes that nobody reads, and what they add to what is counted, each. */
const keepBusy = async <Counted extends Readonly<Record<string, number>>>(
  pid: number,
  move: Move,
  count: () => Promise<Counted>,
): Promise<Pick<Discovering, "first" | "later" | "each"> & Counted> => {
  await sleep(settling);
  const [first, before, counted] = [peakMegabytes(pid), cpuSeconds(pid), await count()];
  await moveAll({ move, changes: busy, gap: () => 20, sent: () => {} });
  await sleep(settling);
  const each = ((cpuSeconds(pid) - before) * 1000) / busy;
  return { first, later: peakMegabytes(pid), each, ...perChange(counted, await count(), busy) };
};

const perChange = <Counted extends Readonly<Record<string, number>>>(
  before: Counted,
  after: Counted,
  changes: number,
): Counted =>
  Object.fromEntries(
    Object.entries(after).map(([name, now]) => [name, (now - before[name]!) / changes]),
  ) as Counted;

/** What the API server sends its own control plane for a change, while nobody else is there. */
export const sentToItsOwn = async ({ plane }: Cluster, move: Move): Promise<number> => {
  const [changes, before] = [50, await podEventBytes(plane)];
  await moveAll({ move, changes, gap: () => 20, sent: () => {} });
  await sleep(1000);
  return ((await podEventBytes(plane)) - before) / changes;
};

/** An open loop at random moments; the list is read with pauses of 5 ms. */
export const time = async (move: Move, read: () => Promise<string>): Promise<Timed> => {
  const gap = () => 50 + Math.random() * 100;
  await timeChanges({ move, changes: Math.min(warmup, probes), gap, read, pause });
  return timeChanges({ move, changes: probes, gap, read, pause });
};

const reads = async (url: string): Promise<Read> => {
  const all = await readAgain(9, () => read(url));
  return { bytes: all[0]!.bytes, whole: median(all.map(({ whole }) => whole)) };
};

export const busy = wholeNumber("ROLLCALL_BENCH_CHANGES", 500);
const [warmup, probes] = [20, wholeNumber("ROLLCALL_BENCH_PROBES", 100)];
/** Milliseconds. */
const [pause, settling] = [5, resting(5000)];
/** Seconds. */
const patience = 600;
