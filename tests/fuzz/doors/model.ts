import assert from "node:assert/strict";
import fc from "fast-check";
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

/** Heapster's API: paths and queries (spec A10). */
export const model: Door = {
  name: "model",
  runs: 300,
  open: async () => {
    const ask = await world({ batches: [smallBatch(0), smallBatch(1)] });
    return [
      behaviour(
        "never fails, whatever the path and the query",
        fc.tuple(
          fc.constantFrom("/api/v1/model", "/api/v1", "/apis/metrics.k8s.io/v1alpha1", ""),
          fc.array(part, { maxLength: 9 }),
          fc.array(
            fc.tuple(
              fc.constantFrom("start", "end", "labels", "labelSelector", "cluster", "verbose", "x"),
              value,
            ),
            { maxLength: 3 },
          ),
        ),
        async ([root, path, query]) => {
          const { status, body } = await ask(`${[root, ...path].join("/")}?${new URLSearchParams(query)}`);
          assert.ok([200, 400, 404].includes(status), String(status));
          assert.doesNotMatch(body, /\bat \S+\.ts:\d|node_modules/);
        },
      ),
    ];
  },
};
