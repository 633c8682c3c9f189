import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createModelStoreProvider } from "../../../../lib/adapter/provider/modelstore.ts";
import { Unbuildable, UnknownMetric } from "../../../../lib/adapter/registry/registry.ts";
import type { DataBatch } from "../../../../lib/metrics/batch.ts";
import { batchOf, start } from "../../metrics/batches.ts";

const container = (pod: string, name: string, values: Readonly<Record<string, number>>) => ({
  labels: { type: "pod_container", namespace_name: "web", pod_name: pod, container_name: name },
  values,
});

const batch = batchOf({
  "node:a": {
    labels: { type: "node" },
    values: { "cpu/usage_rate": 1500, "memory/working_set": 1024, "cpu/usage": [5] },
  },
  "node:b": { labels: { type: "node" }, values: { "memory/working_set": 1024 } },
  "namespace:web": { labels: { type: "ns" }, values: { "cpu/usage_rate": 250 } },
  "namespace:web/pod:p": {
    labels: { type: "pod" },
    values: { "cpu/usage_rate": 250, "custom/queue": 7, "network/rx_rate": "1.5" },
  },
  "namespace:web/pod:q": { labels: { type: "pod" }, values: {} },
  "namespace:web/pod:p/container:y": container("p", "y", {
    "cpu/usage_rate": -100,
    "memory/working_set": 10,
  }),
  "namespace:web/pod:p/container:x": container("p", "x", { "cpu/usage_rate": 250, "memory/working_set": 20 }),
  "namespace:web/pod:q/container:x": container("q", "x", { "memory/working_set": 20 }),
});

const providerOf = (latest: DataBatch | undefined = batch) =>
  createModelStoreProvider({ latest: async () => latest, resolution: 60_000 });
const nothing = createModelStoreProvider({ latest: async () => undefined, resolution: 60_000 });

describe("resource metrics out of the model store", () => {
  test("of pods are those of measured containers, in order", async () => {
    const found = await providerOf().pods(["p", "q", "gone"].map((name) => ({ namespace: "web", name })));
    assert.deepEqual(found, [
      {
        namespace: "web",
        name: "p",
        at: start / 1000,
        window: 60_000,
        containers: [
          { name: "x", cpu: 0.25, memory: 20 },
          { name: "y", cpu: 0, memory: 10 },
        ],
      },
    ]);
  });

  test("of nodes need a rate", async () => {
    assert.deepEqual(await providerOf().nodes(["a", "b", "gone"]), [
      { name: "a", at: start / 1000, window: 60_000, usage: { cpu: 1.5, memory: 1024 } },
    ]);
  });

  test("are none when the newest batch is too old", async () => {
    assert.deepEqual(
      [await nothing.pods([{ namespace: "web", name: "p" }]), await nothing.nodes(["a"])],
      [[], []],
    );
  });
});

describe("custom metrics out of the model store", () => {
  const asked = {
    group: "",
    resource: "pods",
    namespaced: true,
    namespace: "web",
    names: ["p", "q"],
    selector: [],
  };

  test("are gauges by their names, and applications' own", async () => {
    const { custom, external, resources } = await providerOf().catalogue();
    assert.deepEqual(
      custom?.map(({ resource, metric }) => `${resource}/${metric}`),
      [
        "namespaces/cpu_usage_rate",
        "nodes/cpu_usage_rate",
        "nodes/memory_working_set",
        "pods/cpu_usage_rate",
        "pods/network_rx_rate",
        "pods/queue",
      ],
    );
    assert.deepEqual([external, resources], [undefined, true]);
  });

  test("have a value where the object has one", async () => {
    assert.deepEqual(await providerOf().custom({ ...asked, metric: "queue" }), new Map([["p", 7]]));
    assert.deepEqual(
      await providerOf().custom({ ...asked, metric: "network_rx_rate" }),
      new Map([["p", 1.5]]),
    );
    const node = {
      ...asked,
      resource: "nodes",
      namespaced: false,
      namespace: undefined,
      names: ["a"],
      metric: "cpu_usage_rate",
    };
    assert.deepEqual(await providerOf().custom(node), new Map([["a", 1500]]));
  });

  test("have no labels: whoever selects by some finds nothing, rather than everything", async () => {
    const selector = [{ key: "queue", operator: "in", values: ["a"] }] as const;
    await assert.rejects(providerOf().custom({ ...asked, metric: "queue", selector }), Unbuildable);
  });

  test("are unknown otherwise", async () => {
    await assert.rejects(providerOf().custom({ ...asked, metric: "nothing" }), UnknownMetric);
    await assert.rejects(providerOf().custom({ ...asked, group: "apps", metric: "queue" }), UnknownMetric);
    await assert.rejects(
      providerOf().custom({ ...asked, resource: "nodes", metric: "cpu_usage" }),
      UnknownMetric,
    );
    await assert.rejects(nothing.custom({ ...asked, metric: "queue" }), UnknownMetric);
    await assert.rejects(
      providerOf().external({ metric: "queue", namespace: "web", selector: [] }),
      UnknownMetric,
    );
    assert.deepEqual(await nothing.catalogue(), { custom: [], external: undefined, resources: true });
  });
});
