import assert from "node:assert/strict";
import fc from "fast-check";
import { modelOperations } from "../../../docs/openapi/model.ts";
import type { HistoricalSource } from "../../../lib/model/historical/influxdb.ts";
import { cycleRecord } from "../../fakes/cycles.ts";
import { start } from "../../unit/metrics/batches.ts";
import { smallBatch } from "../../unit/model/cluster.ts";
import { world } from "../../unit/model/world.ts";
import { behaviour, type Door } from "../door.ts";
import { hostileText } from "../hostile.ts";

const words = [
  "model",
  "historical",
  "metrics",
  "nodes",
  "n1",
  "namespaces",
  "shop",
  "pods",
  "web",
  "containers",
];
const more = ["app", "freecontainers", "debug", "allkeys", "pod-list", "a,b", "", "..", "%2F", "__proto__"];
const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words, ...more) },
  { weight: 1, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed())) },
);
const value = fc.oneof(
  fc.constantFrom("2026-01-01T00:00:00Z", "prod-eu", "a:b", "a in (b", "app", "\u0000"),
  hostileText,
);

const known = [
  "n1",
  "shop",
  "web",
  "web,idle",
  "app",
  "u1",
  "memory/usage",
  "cpu/usage_rate",
  "average,max",
  "a",
  "kubelet",
];
/** A documented path with anything in its places, or any path at all, as a client may encode it or not. */
const path = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...modelOperations),
        fc.array(
          fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: part }),
          {
            minLength: 4,
            maxLength: 4,
          },
        ),
      )
      .map(([operation, values]) => {
        const left = [...values];
        return operation.path.replace(/\{\w+\}/g, () => left.pop() ?? "");
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("/api/v1/model", "/api/v1", "/apis/metrics.k8s.io/v1alpha1", ""),
        fc.array(
          fc.oneof(
            { weight: 9, arbitrary: part },
            { weight: 1, arbitrary: fc.constantFrom("%", "%zz", "%ff") },
          ),
          {
            maxLength: 9,
          },
        ),
      )
      .map(([root, parts]) => [root, ...parts].join("/")),
  },
);
const parameter = fc.constantFrom(
  "start",
  "end",
  "labels",
  "labelSelector",
  "bucket",
  "cluster",
  "verbose",
  "x",
);
/** One and the same cluster most of the time: what names none ends early. */
const query = fc
  .tuple(
    fc.array(fc.tuple(parameter, value), { maxLength: 3 }),
    fc.constantFrom("prod-eu", "prod-eu", "lab", ""),
  )
  .map(([pairs, cluster]) => new URLSearchParams(cluster === "" ? pairs : [["cluster", cluster], ...pairs]));

const records = ["prod-eu", "lab"].map((cluster) => cycleRecord({ cluster, end: start }));
const past: HistoricalSource = {
  list: async () => ["a"],
  names: async () => ["a"],
  values: async ({ entities }) => entities.map(() => [{ time: 1n, value: -1n }]),
  aggregates: async ({ entities }) => entities.map(() => [{ time: 1n, values: new Map() }]),
};

/** Heapster's API: paths and queries (spec A10). */
export const model: Door = {
  name: "model",
  runs: 300,
  open: async () => {
    const ask = await world({ batches: [smallBatch(0), smallBatch(1)], records, historical: past });
    return [
      behaviour(
        "never fails, whatever the path and the query",
        fc.tuple(path, query),
        async ([where, what]) => {
          const { status, body } = await ask(`${where}?${what}`);
          assert.ok([200, 400, 404].includes(status), `${status} ${body}`);
          assert.doesNotMatch(body, /\bat \S+\.ts:\d|node_modules/);
        },
      ),
      behaviour(
        "tells what is wrong with a query of what is there",
        fc.constantFrom(...mistaken),
        async (target) => assert.equal((await ask(target)).status, 400),
        0.1,
      ),
    ];
  },
};

const ofNode = "/api/v1/model/nodes/n1/metrics/memory/usage?cluster=prod-eu";
const mistaken = [
  ...["labels=a", "labels=:a", "labels=a:", "start=now", "end=2026-13-01T00:00:00Z"].map(
    (one) => `${ofNode}&${one}`,
  ),
  "/apis/metrics.k8s.io/v1alpha1/nodes?cluster=prod-eu&labelSelector=a%20in%20(b",
  "/api/v1/model/%zz?cluster=prod-eu",
];
