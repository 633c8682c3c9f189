import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { systemClock } from "../../../lib/clock.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";
import { createLog } from "../../../lib/log.ts";
import { cumulative, type DataBatch, emptySet } from "../../../lib/metrics/batch.ts";
import type { ClusterLook } from "../../../lib/metrics/cluster/look.ts";
import { type CollectParts, createCollect } from "../../../lib/metrics/collect.ts";
import type { Cycles } from "../../../lib/metrics/cycles/cycles.ts";
import { createMemoryCycles } from "../../../lib/metrics/cycles/memory.ts";
import type { Sink } from "../../../lib/metrics/sink.ts";
import type { MetricsSource } from "../../../lib/metrics/source.ts";
import { nanoseconds } from "../../../lib/metrics/time.ts";
import { sinkState } from "../../fakes/cycles.ts";
import { containerOf, minute, nodeOf, podOf, start, valuesOf } from "./batches.ts";

const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
const settingsOf = (text: string) => parseSettings({ path: "/etc/rollcall.yml", text }, configuration);
const one = `clusters: [{name: prod, api_server: "https://127.0.0.1:1"}]\nmetrics: {sources: ["kubernetes:"]}`;

const look: ClusterLook = {
  nodes: [nodeOf("a", { cpu: 4000n })],
  pods: new Map([["shop/web", podOf("web", [containerOf("app", { cpu: 500n })])]]),
  namespaces: new Map([["shop", "uid-shop"]]),
  problems: [],
};

/** A cluster of one node whose CPU time grows by a tenth of a core, and a sink that keeps what it is given. */
const world = (text = one) => {
  const batches: DataBatch[] = [];
  const lines: string[] = [];
  const state = {
    now: start + 10_000,
    usage: 0n,
    look: async () => look,
    kubelet: undefined as Error | undefined,
  };
  const kubelet: MetricsSource = {
    name: "node:a",
    scrape: async ({ end }) => {
      if (state.kubelet !== undefined) throw state.kubelet;
      const times = { scraped: nanoseconds(end), collectionStart: nanoseconds(start) };
      const usage = BigInt(end - start) * 100_000n;
      const node = {
        ...emptySet({ type: "node", nodename: "a" }),
        ...times,
        values: new Map([["cpu/usage", cumulative(usage)]]),
      };
      const labels = {
        type: "pod_container",
        namespace_name: "shop",
        pod_name: "web",
        container_name: "app",
        nodename: "a",
      };
      const container = {
        ...emptySet(labels),
        ...times,
        values: new Map([["cpu/usage", cumulative(usage)]]),
      };
      return new Map([
        ["node:a", node],
        ["namespace:shop/pod:web/container:app", container],
      ]);
    },
  };
  const keeping: Sink = {
    name: "keeping",
    export: async (batch) => void batches.push(structuredClone(batch)),
  };
  const parts: CollectParts = {
    current: async () => ({ settings: settingsOf(text), servers: {} }),
    cycles: createMemoryCycles(),
    openCluster: async () => ({
      look: await state.look(),
      sources: [kubelet],
      unreachable: new Map(),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    sinksOf: () => [keeping],
    clock: { ...systemClock, now: () => state.now },
    random: () => 0,
    wait: async () => undefined,
    log: createLog({ level: "info", write: (line) => lines.push(JSON.parse(line).message) }),
  };
  return { parts, state, batches, lines, collect: createCollect(parts) };
};

describe("collecting", () => {
  test("brings a batch of the window from kubelets through all processors to the sinks", async () => {
    const { collect, state, batches, parts } = world();
    assert.deepEqual(await collect(), [{ cluster: "prod", outcome: "collected" }]);
    state.now += minute;
    await collect();
    const [first, second] = batches;
    assert.deepEqual([first?.timestamp, second?.timestamp], [start, start + minute]);
    assert.equal(valuesOf(first!, "node:a")["cpu/usage_rate"], undefined);
    assert.equal(second?.cluster, "prod");
    const node = valuesOf(second!, "node:a");
    assert.equal(node["cpu/usage_rate"], 100n);
    assert.equal(node["cpu/request"], 500n);
    assert.deepEqual([node["cpu/node_utilization"], node["cpu/node_reservation"]], [0.025, 0.125]);
    assert.deepEqual([...second!.sets.keys()].sort(), [
      "cluster",
      "namespace:shop",
      "namespace:shop/pod:web",
      "namespace:shop/pod:web/container:app",
      "node:a",
    ]);
    assert.equal(valuesOf(second!, "cluster")["cpu/usage_rate"], 100n);
    assert.equal(second?.sets.get("namespace:shop")?.labels.namespace_id, "uid-shop");
    const [record] = await parts.cycles.records();
    assert.deepEqual(record, {
      cluster: "prod",
      end: start + minute,
      took: 0,
      nodes: 1,
      failedNodes: 0,
      failures: {},
      problems: [],
      sets: 5,
      processors: record?.processors,
      sinks: { keeping: sinkState({ exported: 2, lastAt: state.now }) },
      source: "kubernetes",
      scrapedAt: state.now,
      totals: {
        scrapes: { count: 2, milliseconds: 0 },
        kubelets: { a: { count: 2, milliseconds: 0 } },
        processors: record?.totals.processors,
      },
    });
    assert.deepEqual(record?.totals.processors["pod enricher"], { count: 2, milliseconds: 0 });
    assert.deepEqual(Object.keys(record?.processors ?? {}), [
      "rate calculator",
      "pod enricher",
      "namespace enricher",
      "pod aggregator",
      "namespace aggregator",
      "node aggregator",
      "cluster aggregator",
      "node autoscaling enricher",
    ]);
  });

  test("has a cycle once, however often the schedule fires", async () => {
    const { collect, batches } = world();
    const outcomes = (await Promise.all([collect(), collect(), collect()]))
      .flat()
      .map(({ outcome }) => outcome);
    assert.deepEqual(outcomes.sort(), ["collected", "taken", "taken"]);
    assert.equal(batches.length, 1);
  });

  test("does nothing without metrics in the settings, or settings at all", async () => {
    assert.deepEqual(await world("guard: {}").collect(), []);
    const { parts } = world();
    assert.deepEqual(await createCollect({ ...parts, current: async () => undefined })(), []);
  });

  test("serves what there is, and counts the nodes that fail", async () => {
    const { collect, state, batches, lines, parts } = world();
    state.kubelet = new Error("GET https://127.0.0.1/stats/summary/: no route");
    await collect();
    const [record] = await parts.cycles.records();
    assert.deepEqual([record?.nodes, record?.failedNodes], [1, 1]);
    assert.deepEqual(record?.failures, { a: "GET https://127.0.0.1/stats/summary/: no route" });
    assert.deepEqual([...batches[0]!.sets.keys()], ["cluster"]);
    assert.deepEqual(lines, ["metrics of some nodes are missing"]);
  });

  test("warns of namespaces that the API server does not know, once a batch", async () => {
    const { collect, state, lines } = world();
    state.look = async () => ({ ...look, namespaces: new Map() });
    await collect();
    assert.deepEqual(lines, ["metrics of namespaces that the API server does not know"]);
  });

  test("keeps the counters over a cycle in which the cluster cannot be looked at", async () => {
    const { collect, state, batches, parts } = world();
    await collect();
    state.now += minute;
    state.look = async () => assert.fail("GET https://127.0.0.1/api/v1/nodes: 503");
    assert.deepEqual(await collect(), [{ cluster: "prod", outcome: "failed" }]);
    assert.match((await parts.cycles.records())[0]?.problems[0] ?? "", /503/);
    state.now += minute;
    state.look = async () => look;
    await collect();
    assert.equal(valuesOf(batches[1]!, "node:a")["cpu/usage_rate"], 100n);
  });

  test("exports nothing when a processor fails, and goes on with the next cycle", async () => {
    const { collect, state, batches, lines } = world();
    state.look = async () => ({
      ...look,
      pods: new Proxy(look.pods, { get: () => assert.fail("bad luck") }),
    });
    assert.deepEqual(await collect(), [{ cluster: "prod", outcome: "failed" }]);
    assert.deepEqual(batches, []);
    assert.ok(lines.includes("a batch of metrics is dropped"));
    state.look = async () => look;
    state.now += minute;
    await collect();
    assert.equal(valuesOf(batches[0]!, "node:a")["cpu/usage_rate"], 100n);
  });

  test("leaves a cluster whose table cannot be had to the next firing, the others untouched", async () => {
    const text = `clusters: [{name: a, api_server: "https://127.0.0.1:1"}, {name: b, api_server: "https://127.0.0.1:2"}]
metrics: {sources: ["kubernetes:"]}`;
    const { parts } = world(text);
    const take: Cycles["take"] = (cluster, end) =>
      cluster === "a" ? Promise.reject(new Error("throttled")) : parts.cycles.take(cluster, end);
    const collect = createCollect({ ...parts, cycles: { ...parts.cycles, take } });
    assert.deepEqual(await collect(), [
      { cluster: "a", outcome: "failed" },
      { cluster: "b", outcome: "collected" },
    ]);
  });

  test("never corrupts the rates, whichever of its steps crash, repeat or come late", async () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 2 }),
      crash: fc.constantFrom("nowhere", "nowhere", "take", "latest", "finish", "kubelet"),
      doubled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { parts, state, batches } = world();
        for (const { minutes, crash, doubled } of steps) {
          state.now += minutes * minute;
          state.kubelet = crash === "kubelet" ? new Error("away") : undefined;
          const broken = { [crash]: () => Promise.reject(new Error("crashed")) };
          const collect = createCollect({ ...parts, cycles: { ...parts.cycles, ...broken } });
          await Promise.all(doubled ? [collect(), collect()] : [collect()]);
        }
        const ends = batches.map(({ timestamp }) => timestamp);
        assert.equal(new Set(ends).size, ends.length);
        for (const batch of batches) {
          const rate = valuesOf(batch, "node:a")["cpu/usage_rate"];
          assert.ok(rate === undefined || rate === 100n, String(rate));
        }
      }),
      { numRuns: 50 },
    );
  });
});
