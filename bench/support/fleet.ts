import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { FollowMode } from "../../lib/config/settings.ts";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import type { DemoObject } from "../../local/demo/object.ts";
import { eventually } from "../../tests/e2e/eventually.ts";
import { restRequest } from "../../tests/functions/recorded.ts";
import { type FleetCloud, job, startFleetCloud } from "./fleetcloud.ts";
import { groupsOf } from "./groups.ts";
import { type Metered, meter } from "./metered.ts";
import { podManifest } from "./pods.ts";
import { createSeed } from "./seeded.ts";

export interface FleetOptions {
  readonly clusters: number;
  /** Of each cluster. */
  readonly pods: number;
  /** Of each cluster in a minute. */
  readonly changes: number;
  /** Minutes, one look at each cluster (or a relay's minute) and one read of the list each; they take as long as the work does. */
  readonly minutes: number;
  readonly follow: FollowMode;
}

/** What the minutes took, the fill left out. */
export interface Simulated {
  readonly table: Pick<Metered, "writes" | "reads" | "requests">;
  readonly entries: Metered["entries"];
  /** Of the lists that were served. */
  readonly listBytes: number;
  /** Milliseconds of the fill, of the first look at everything, and of the minutes. */
  readonly filled: number;
  readonly settled: number;
  readonly took: number;
}

/**
 * Clusters of their own API servers, looked at or followed by the real functions on the local bus, queue and table: `tick` orders,
 * `discover` or `relay` looks, `reduce` applies, `serve` answers. The pool is filled beforehand with what they will find, which
 * the first look proves: it announces nothing. A minute's changes come at once. A process can do this once, since functions keep
 * what they were started with.
 */
export const simulate = async (options: FleetOptions): Promise<Simulated> => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-fleet-"));
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const began = performance.now();
  try {
    const manifests = Array.from({ length: options.pods }, (_, index) => known(index));
    const servers: ApiServer[] = [];
    for (let at = 0; at < options.clusters; at += 1) {
      const server = await startApiServer();
      closing.unshift(server.close);
      for (const manifest of manifests) server.apply(manifest);
      servers.push(server);
    }
    const cloud = await startFleetCloud(folder, { servers, follow: options.follow });
    closing.unshift(cloud.close);
    const seed = createSeed(cloud.table, groupsOf(manifests));
    for (const { id, cluster } of cloud.providers) await seed({ provider: id, cluster, job });
    const [table, bus] = [await metered("AWS_ENDPOINT_URL_DYNAMODB"), await metered("AWS_ENDPOINT_URL")];
    // Behind the functions, which ask until they end.
    closing.splice(1, 0, table.close, bus.close);
    const filled = performance.now() - began;
    return { ...(await run({ ...options, servers, cloud, table, bus })), filled };
  } finally {
    for (const close of closing) await close();
  }
};

/** One pod of every cluster: what a server would add to it is given, so that all clusters have the same groups. */
const known = (index: number, labels: Readonly<Record<string, string>> = {}): DemoObject => {
  const { metadata, ...manifest } = podManifest(index);
  const given = { ...metadata, uid: uidOf(index) };
  const all = "labels" in metadata ? { ...Object(metadata.labels), ...labels } : labels;
  return { ...manifest, metadata: { ...given, labels: all } };
};

/** As long and as hard to compress as a server's own. */
const uidOf = (index: number): string =>
  hash("sha256", String(index)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

/** Functions read where their services are when they first ask. */
const metered = async (variable: string): Promise<Metered> => {
  const before = await meter(process.env[variable] ?? "");
  process.env[variable] = before.url;
  return before;
};

interface Running extends FleetOptions {
  readonly servers: readonly ApiServer[];
  readonly cloud: FleetCloud;
  readonly table: Metered;
  readonly bus: Metered;
}

const run = async (running: Running): Promise<Omit<Simulated, "filled">> => {
  const { clusters, changes, minutes, table, bus } = running;
  const began = performance.now();
  await order(running);
  await looked(running, clusters);
  const announced = bus.entries.get("Target Group Changed")?.count ?? 0;
  assert.equal(announced, 0, "the pool was not filled with what a look finds");
  // The first change of a group has no history before it; what is counted are those that have.
  change(running, "first");
  await minute(running, clusters * changes);
  await served(running);
  const settled = performance.now();
  for (const counts of [table.writes, table.reads, table.requests, bus.entries]) counts.clear();
  let listBytes = 0;
  for (let at = 0; at < minutes; at += 1) {
    change(running, String(at));
    await minute(running, clusters * changes * (at + 1));
    listBytes += await served(running);
  }
  const { writes, reads, requests } = table;
  return {
    ...{ table: { writes, reads, requests }, entries: bus.entries, listBytes },
    ...{ settled: settled - began, took: performance.now() - settled },
  };
};

/** A minute's changes, all at once. */
const change = ({ servers, changes }: Running, moved: string) => {
  for (const server of servers)
    for (let pod = 0; pod < changes; pod += 1) server.apply(known(pod, { moved }));
};

const order = ({ cloud }: Running) => cloud.functions.invoke("tick", { schedule: "tick", start: true });

/** Seconds that a fleet may take for what it does once. */
const patienceFor = ({ clusters, pods }: Running) => 120 + (clusters * pods) / 500;

/** Every cluster has been looked at so often since the counts began. */
const looked = (running: Running, looks: number) =>
  eventually("every cluster is looked at", patienceFor(running), () =>
    assert.ok(recordsIn(running.table) >= looks, `${recordsIn(running.table)} of ${looks}`),
  );

/** Looks at everything, unless relays see for themselves, and waits until `applied` changes are in the pool. */
const minute = async (running: Running, applied: number): Promise<void> => {
  const { table, clusters, follow, cloud } = running;
  const looks = recordsIn(table) + clusters;
  if (follow === "schedule") await order(running);
  await eventually("every change is in the pool", patienceFor(running), () =>
    assert.ok(appliedIn(table) >= applied, `${appliedIn(table)} of ${applied}`),
  );
  if (follow === "relay") return;
  await looked(running, looks);
  await cloud.functions.idle();
};

/** As many lists as one process can keep warm beside all that it stands for: each is that of one cluster. */
const mostRead = 10;

/** The bytes of every cluster's list, from those that were read. */
const served = async ({ cloud }: Running): Promise<number> => {
  const { providers, functions } = cloud;
  const read = providers.slice(0, mostRead);
  let bytes = 0;
  for (const { cluster } of read) {
    // Hundreds of queries at once, when it is the first time, are too much for one process that also stands for the table.
    bytes += await eventually("the list is served", 60, () => sizeOf(functions, cluster));
  }
  return bytes * (providers.length / read.length);
};

const sizeOf = async (functions: FleetCloud["functions"], cluster: string): Promise<number> => {
  const stream = new PassThrough();
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
  const request = { ...restRequest(`sd/${job}`), multiValueQueryStringParameters: { cluster: [cluster] } };
  await functions.stream("serve", request, stream);
  assert.ok(bytes > 1000, "a list of targets");
  return bytes;
};

const appliedIn = ({ requests }: Metered) => requests.get("PutItem group") ?? 0;
const recordsIn = ({ requests }: Metered) => requests.get("PutItem provider") ?? 0;
