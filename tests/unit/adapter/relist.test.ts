import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAdapters } from "../../../lib/adapter/open.ts";
import { createMemoryRegistries } from "../../../lib/adapter/registry/memory.ts";
import { createRelist } from "../../../lib/adapter/relist.ts";
import { createAdaptersReader } from "../../../lib/adapter/settings.ts";
import { createMemoryAccepted } from "../../../lib/config/memory.ts";
import { ownReach } from "../../../lib/discovery/reach.ts";
import { createLog } from "../../../lib/log.ts";
import { createMemoryStore } from "../../../lib/metrics/store/memory.ts";

const minute = 60_000;
const rule = (query: string) =>
  `rules: [{seriesQuery: ${query}, resources: {overrides: {pod: {resource: pod}}}, metricsQuery: x}]`;

const settingsText = (more = "") => `
adapters:
- cluster: prod
  host: metrics.example
  rules_file: adapter.yml
  prometheus: {url: "http://127.0.0.1:9"}
  metrics_relist_interval: 10m
  metrics_max_age: 20m
${more}`;

const documents: Readonly<Record<string, unknown>> = {
  "/api/v1": { resources: [{ name: "pods", singularName: "pod", kind: "Pod", namespaced: true }] },
  "/apis": { groups: [] },
};

/** Everything that relisting stands on, with a server whose answers a test may change. */
const world = () => {
  const state = { now: Date.UTC(2026, 10, 26), failing: undefined as string | undefined, series: ["hits"] };
  const asked: string[] = [];
  const lines: string[] = [];
  const accepted = createMemoryAccepted(() => state.now);
  const registries = createMemoryRegistries();
  const log = createLog({
    level: "info",
    write: (line) => {
      const { level, message, reason } = JSON.parse(line);
      lines.push([level, message, reason].filter((part) => part !== undefined).join(": "));
    },
  });
  const now = () => state.now;
  const parts = {
    current: createAdaptersReader(accepted),
    registries,
    clusterOf: () => ({
      get: async (path: string) => documents[path],
      close: () => undefined,
    }),
    open: () => ({
      series: async (query: string, start: number) => {
        asked.push(`${query} since ${(state.now - start * 1000) / minute}m`);
        if (state.failing !== undefined) throw new Error(state.failing);
        return state.series.map((name) => ({ name, labels: { pod: "x" } }));
      },
      query: async () => ({ type: "vector" as const, samples: [] }),
      close: () => undefined,
    }),
    clock: { now },
    log,
  };
  const accept = (rules: string, settings = settingsText()) =>
    accepted.accept({
      main: { path: "prometheus.yml", text: "" },
      jobFiles: [],
      settings: { path: "rollcall.yml", text: settings },
      rules: [{ path: "adapter.yml", text: rules }],
      servers: {},
      inCluster: true,
    });
  const opened = createAdapters({
    current: parts.current,
    registries,
    store: createMemoryStore(now),
    reach: ownReach,
    now,
    log,
  });
  const listed = async () => {
    const [adapter] = await opened();
    return (await adapter?.provider.catalogue())?.custom?.map(({ metric }) => metric);
  };
  return { state, asked, lines, accept, relist: createRelist(parts), listed, opened, registries };
};

const outcome = async (relist: ReturnType<typeof createRelist>) =>
  (await relist()).map(({ outcome }) => outcome);

describe("relisting (spec B4)", () => {
  test("does nothing before a configuration is there, or without adapters", async () => {
    const { relist, accept } = world();
    assert.deepEqual(await relist(), []);
    await accept("", "");
    assert.deepEqual(await relist(), []);
  });

  test("begins at once, and looks back as far as it should", async () => {
    const { relist, accept, asked, listed } = world();
    await accept(rule("q"));
    assert.deepEqual(await listed(), []);
    assert.deepEqual(await relist(), [{ cluster: "prod", outcome: "relisted" }]);
    assert.deepEqual(asked, ["q since 20m"]);
  });

  test("is due again the interval after the last one ended", async () => {
    const { relist, accept, state, listed } = world();
    await accept(rule("q"));
    await relist();
    state.series = ["other"];
    state.now += 9 * minute;
    assert.deepEqual(await outcome(relist), ["waiting"]);
    assert.deepEqual(await listed(), ["hits"]);
    state.now += minute;
    assert.deepEqual(await outcome(relist), ["relisted"]);
    state.now += 5_000;
    assert.deepEqual(await listed(), ["other"]);
  });

  test("is due at once when the rules have become others", async () => {
    const { relist, accept, asked, state } = world();
    await accept(rule("q"));
    await relist();
    state.now += minute;
    await accept(rule("r"));
    assert.deepEqual(await outcome(relist), ["relisted"]);
    assert.deepEqual(asked, ["q since 20m", "r since 20m"]);
  });

  test("is done by one of two that are fired together", async () => {
    const { relist, accept, asked } = world();
    await accept(rule("q"));
    const both = await Promise.all([outcome(relist), outcome(relist)]);
    assert.deepEqual(both.flat().sort(), ["relisted", "waiting"]);
    assert.equal(asked.length, 1);
  });

  test("keeps what was good while it fails, counts, and tells each change once", async () => {
    const { relist, accept, state, lines, listed, registries } = world();
    await accept(rule("q"));
    await relist();
    state.failing = "away";
    for (let n = 0; n < 3; n += 1) {
      state.now += 10 * minute;
      assert.deepEqual(await outcome(relist), ["failed"]);
    }
    assert.deepEqual(await listed(), ["hits"]);
    assert.equal((await registries.state("prod"))?.failures, 3);
    state.failing = undefined;
    state.now += 10 * minute;
    assert.deepEqual(await outcome(relist), ["relisted"]);
    assert.equal((await registries.state("prod"))?.failures, 0);
    assert.deepEqual(lines, [
      "INFO: metrics are listed for the first time",
      'ERROR: metrics cannot be relisted; those listed before go on: series query "q": away',
      "INFO: metrics are relisted again",
    ]);
  });

  test("goes on with the last good registry when new rules do not fit the cluster", async () => {
    const { relist, accept, state, listed } = world();
    await accept(rule("q"));
    await relist();
    await accept("rules: [{seriesQuery: q, resources: {overrides: {a: {resource: wine}}}}]");
    state.now += minute;
    assert.deepEqual(await outcome(relist), ["failed"]);
    assert.deepEqual(await listed(), ["hits"]);
  });

  test("finds out what paths mean for an adapter without a Prometheus, too", async () => {
    const { relist, accept, opened, state } = world();
    await accept("", "adapters: [{cluster: prod, host: metrics.example}]");
    assert.deepEqual(await outcome(relist), ["relisted"]);
    state.now += 5_000;
    const [adapter] = await opened();
    assert.equal((await adapter?.mapper())?.resourceFor("pod")?.resource, "pods");
    assert.deepEqual(await adapter?.provider.catalogue(), {
      custom: [],
      external: undefined,
      resources: true,
    });
  });
});

describe("the adapters of a configuration", () => {
  test("are the same objects while it is the same, and others afterwards", async () => {
    const { accept, opened, state } = world();
    assert.deepEqual(await opened(), []);
    await accept(rule("q"));
    state.now += 5000;
    const [first] = await opened();
    state.now += 5000;
    assert.ok(first);
    assert.equal((await opened())[0], first);
    await accept(rule("r"));
    state.now += 5000;
    assert.notEqual((await opened())[0], first);
  });

  test("know pods, nodes and namespaces before the cluster was asked", async () => {
    const { accept, opened } = world();
    await accept(rule("q"));
    const [adapter] = await opened();
    assert.equal((await adapter?.mapper())?.resourceFor("nodes")?.kind, "Node");
  });
});
