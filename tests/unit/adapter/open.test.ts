import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAdapters } from "../../../lib/adapter/open.ts";
import { createMemoryRegistries } from "../../../lib/adapter/registry/memory.ts";
import type { RegistryRecord } from "../../../lib/adapter/registry/record.ts";
import type { Registries } from "../../../lib/adapter/registry/registries.ts";
import { createAdaptersReader } from "../../../lib/adapter/settings.ts";
import { createMemoryAccepted } from "../../../lib/config/memory.ts";
import { ownReach } from "../../../lib/discovery/reach.ts";
import { createLog } from "../../../lib/log.ts";
import { createMemoryStore } from "../../../lib/metrics/store/memory.ts";

const settings = (host: string) => `
adapters: [{cluster: prod, host: ${host}, rules_file: adapter.yml, prometheus: {url: "http://127.0.0.1:9"}}]`;
const rules = "rules: [{seriesQuery: q, resources: {overrides: {pod: {resource: pod}}}, metricsQuery: x}]";

const record: RegistryRecord = {
  at: 0,
  rules: { path: "adapter.yml", text: rules },
  resources: [{ group: "", version: "v1", resource: "pods", singular: "pod", kind: "Pod", namespaced: true }],
  custom: [{ metric: "hits", rule: 0, series: "hits", group: "", resource: "pods", namespaced: true }],
  external: [],
};

/** Adapters over a table, each read of which a test may let fail. */
const world = async () => {
  const state = { now: 0, failing: new Set<"current" | "state" | "record">(), broken: false };
  const lines: string[] = [];
  const now = () => state.now;
  const accepted = createMemoryAccepted(now);
  const memory = createMemoryRegistries();
  const failWhere = (what: "current" | "state" | "record") => {
    if (state.failing.has(what)) throw new Error("ThrottlingException");
  };
  const registries: Registries = {
    ...memory,
    state: async (cluster) => {
      failWhere("state");
      return memory.state(cluster);
    },
    record: async (one) => {
      failWhere("record");
      const found = await memory.record(one);
      return state.broken && found ? { ...found, rules: { path: "adapter.yml", text: "rules: 1" } } : found;
    },
  };
  const read = createAdaptersReader(accepted);
  const opened = createAdapters({
    current: async () => {
      failWhere("current");
      return read();
    },
    registries,
    store: createMemoryStore(now),
    reach: ownReach,
    now,
    log: createLog({ level: "info", write: (line) => lines.push(JSON.parse(line).message) }),
  });
  const accept = (host: string) =>
    accepted.accept({
      main: { path: "prometheus.yml", text: "" },
      jobFiles: [],
      settings: { path: "rollcall.yml", text: settings(host) },
      rules: [{ path: "adapter.yml", text: rules }],
      servers: {},
      inCluster: true,
    });
  await accept("a");
  const relist = async () => {
    await memory.take("prod", { at: state.now, since: state.now });
    const relisted = { cluster: "prod", began: state.now, ended: state.now, failures: 0, rules: "" };
    await memory.finish(relisted, { ...record, at: state.now });
  };
  const listed = async () => {
    state.now += 5000;
    const [adapter] = await opened();
    return (await adapter?.provider.catalogue())?.custom?.map(({ metric }) => metric);
  };
  return { state, lines, opened, listed, relist, accept };
};

describe("an adapter whose table does not answer", () => {
  test("has the last good registry, and tells of it when that begins and when it ends", async () => {
    const { state, lines, listed, relist } = await world();
    await relist();
    assert.deepEqual(await listed(), ["hits"]);
    state.failing.add("state");
    for (let turn = 0; turn < 3; turn++) assert.deepEqual(await listed(), ["hits"]);
    state.failing.clear();
    assert.deepEqual(await listed(), ["hits"]);
    assert.deepEqual(lines, [
      'the registry of cluster "prod" cannot be read: the last one holds',
      'the registry of cluster "prod" can be read again',
    ]);
  });

  test("has it too when the newest registry cannot be had or read", async () => {
    const { state, listed, relist } = await world();
    await relist();
    await listed();
    await relist();
    state.failing.add("record");
    assert.deepEqual(await listed(), ["hits"]);
    state.failing.clear();
    state.broken = true;
    assert.deepEqual(await listed(), ["hits"]);
  });

  test("lists nothing when there was none yet", async () => {
    const { state, listed, relist } = await world();
    await relist();
    state.failing.add("state");
    assert.deepEqual(await listed(), []);
    state.failing.clear();
    assert.deepEqual(await listed(), ["hits"]);
  });

  test("goes by the configuration that it knows; without one it fails", async () => {
    const { state, opened, listed, relist } = await world();
    state.failing.add("current");
    await assert.rejects(opened(), /Throttling/);
    state.failing.clear();
    await relist();
    await listed();
    state.failing.add("current");
    assert.deepEqual(await listed(), ["hits"]);
  });
});

test("adapters of an old configuration end once nobody can be asking by them any longer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { state, opened, accept } = await world();
  const [old] = await opened();
  await accept("b");
  state.now += 5000;
  const [adapter] = await opened();
  assert.equal(adapter?.settings.host, "b");
  t.mock.timers.tick(59_999);
  assert.equal(old?.ended.aborted, false);
  t.mock.timers.tick(1);
  assert.deepEqual([old?.ended.aborted, adapter?.ended.aborted], [true, false]);
});
