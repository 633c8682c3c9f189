import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answered, answeredLists, type ControlPlane } from "../../tests/e2e/control-plane.ts";
import { eventually } from "../../tests/e2e/eventually.ts";
import { type Move, moveAll } from "./changes.ts";
import type { Cluster } from "./cluster.ts";
import { startCountingProxy } from "./countingproxy.ts";
import type { Figure } from "./figure.ts";
import { resting, wholeNumber } from "./settings.ts";

/** What an API server bears for those who discover, beyond its own control plane. */
export interface Burden {
  /** Open at rest; watches as it counts them itself (`apiserver_longrunning_gauge`), connections as they were made. */
  readonly connections: number;
  readonly watches: number;
  /** Lists it answered, and bytes it sent, until everybody had discovered everything; TLS included. */
  readonly lists: number;
  readonly discovery: number;
  /** Lists and watches it was asked for from the start to the stop. */
  readonly requests: number;
  /** Bytes it sent for one change. */
  readonly change: number;
  /** CPU milliseconds of the API server for one change, the change itself included. */
  readonly cpu: number;
}

export interface Discoverers {
  stop(): Promise<void>;
}

/** Starts them on an API server at this address; resolves once all have discovered everything. */
export type StartDiscoverers = (url: string, folder: string) => Promise<Discoverers>;

export const measureBurden = async (
  { plane, folder, move }: Cluster & { readonly move: Move },
  start: StartDiscoverers,
): Promise<Burden> => {
  const proxy = await startCountingProxy(new URL(plane.url));
  const [listed, asked] = [await listsOf(plane), await requestsOf(plane)];
  const running = await start(proxy.url, mkdtempSync(join(folder, "discoverers-")));
  let measured: Omit<Burden, "watches" | "requests">;
  let watches: number;
  try {
    watches = await watchesAtRest(plane);
    const rest = { connections: proxy.open(), lists: (await listsOf(plane)) - listed };
    const [discovery, cpu] = [proxy.read(), await cpuOf(plane)];
    await moveAll({ move, changes, gap: () => 20, sent: () => {} });
    await sleep(resting(2000));
    const change = (proxy.read() - discovery) / changes;
    measured = { ...rest, discovery, change, cpu: ((await cpuOf(plane)) - cpu) * (1000 / changes) };
  } finally {
    await running.stop();
    await proxy.close();
  }
  // Not those before: a control plane's own controllers begin to watch one after the other, some of them late.
  const left = await watchesAtRest(plane);
  // A watch is counted as a request at its end.
  return { ...measured, watches: watches - left, requests: (await requestsOf(plane)) - asked };
};

/** A figure of each part, contenders side by side. */
export const burdenFigures = (
  at: string,
  { ours, prometheus, vmagent }: Readonly<Record<"ours" | "prometheus" | "vmagent", Burden>>,
): Figure[] =>
  parts.map(([name, unit, pick]) => ({
    ...{ name, unit, at },
    ...{ ours: pick(ours), prometheus: pick(prometheus), vmagent: pick(vmagent) },
  }));

const parts: readonly (readonly [string, Figure["unit"], (burden: Burden) => number])[] = [
  ["connections to the API server", "", ({ connections }) => connections],
  ["watches at the API server", "", ({ watches }) => watches],
  ["lists asked of it until all is discovered", "", ({ lists }) => lists],
  ["bytes it sends until then", "B", ({ discovery }) => discovery],
  ["requests to it in all, lists and watches", "", ({ requests }) => requests],
  ["bytes it sends for a change", "B", ({ change }) => change],
  ["its CPU for a change", "ms", ({ cpu }) => cpu],
];

const changes = wholeNumber("ROLLCALL_BENCH_CHANGES", 250);

const resources = ["pods", "services", "endpoints", "endpointslices", "ingresses"];

const watchesOf = async (plane: ControlPlane): Promise<number> =>
  (await plane.read("/metrics"))
    .split("\n")
    .filter((line) => line.startsWith("apiserver_longrunning_gauge{") && /verb="WATCH"/.test(line))
    .filter((line) => resources.includes(/[{,]resource="([^"]+)"/.exec(line)?.[1] ?? ""))
    .reduce((sum, line) => sum + valueIn(line), 0);

const listsOf = async (plane: ControlPlane) => ofResources(await answeredLists(plane));

/** Nobody who discovers reads single objects; the API server itself does, its own endpoints every ten seconds. */
const requestsOf = async (plane: ControlPlane) => ofResources(await answered(plane, /verb="(?:LIST|WATCH)"/));

/** Lists that it has answered since it began, and bytes of these answers (`apiserver_response_sizes`). */
export const answeredSoFar = async (plane: ControlPlane): Promise<{ requests: number; bytes: number }> => {
  const isList = /verb="LIST"/;
  const [requests, bytes] = [await answered(plane, isList), await answered(plane, isList, responseSizes)];
  return { requests: ofResources(requests), bytes: ofResources(bytes) };
};

/** Bytes of what happened to pods that it has sent to all who watch since it began, before TLS. */
export const podEventBytes = async (plane: ControlPlane): Promise<number> =>
  (await plane.read("/metrics"))
    .split("\n")
    .filter((line) => line.startsWith("apiserver_watch_events_sizes_sum{") && /kind="Pod"/.test(line))
    .reduce((sum, line) => sum + valueIn(line), 0);

const responseSizes = "apiserver_response_sizes_sum";

const ofResources = (counted: ReadonlyMap<string, number>): number =>
  resources.reduce((sum, resource) => sum + (counted.get(resource) ?? 0), 0);

const cpuOf = async (plane: ControlPlane): Promise<number> =>
  valueIn(/^process_cpu_seconds_total .*$/m.exec(await plane.read("/metrics"))?.[0] ?? "");

const valueIn = (line: string) => Number(line.slice(line.lastIndexOf(" ") + 1));

/** Once their number has been the same for five seconds. */
const watchesAtRest = async (plane: ControlPlane): Promise<number> => {
  let [last, since] = [-1, performance.now()];
  await eventually("watches come to rest", 120, async () => {
    const now = await watchesOf(plane);
    if (now !== last) since = performance.now();
    last = now;
    assert.ok(performance.now() - since > resting(5000), `${now} watches`);
  });
  return last;
};
