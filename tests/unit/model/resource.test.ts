import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CycleRecord } from "../../../lib/metrics/cycles/cycles.ts";
import { cycleRecord } from "../../fakes/cycles.ts";
import { minute, start } from "../metrics/batches.ts";
import { smallBatch } from "./cluster.ts";
import { clusters, madeUpToken, usual, world } from "./world.ts";

const batches = [smallBatch(0), smallBatch(1)];
const root = "/apis/metrics.k8s.io/v1alpha1";
const seen = { timestamp: "2026-01-01T00:00:00Z", window: "1m0s" };
const creationTimestamp = "2026-01-01T00:00:30Z";
const node = {
  metadata: { name: "n1", creationTimestamp },
  ...seen,
  usage: { cpu: "-100m", memory: "3Mi" },
};
const pod = {
  metadata: { name: "web", namespace: "shop", creationTimestamp },
  ...seen,
  containers: [
    { name: "app", usage: { cpu: "1500m", memory: "3110" } },
    { name: "side", usage: { cpu: "2", memory: "0" } },
  ],
};
const list = (...items: object[]) => ({ metadata: {}, items: items.length > 0 ? items : null });
const selected = (path: string, selector: string) => `${path}?labelSelector=${encodeURIComponent(selector)}`;

/** Every row of spec A10.4. */
const rows: readonly (readonly [string, unknown])[] = [
  ["nodes", list(node)],
  ["nodes/n1", node],
  [selected("nodes", "zone=a,gpu in (yes, no)"), list(node)],
  [selected("nodes", "zone!=a"), list()],
  [selected("nodes", "zone notin (b),!other,gpu"), list(node)],
  [selected("nodes", "other"), list()],
  // The other pod has a container that was not measured: it is absent.
  ["pods", list(pod)],
  [selected("pods", "app==web"), list(pod)],
  [selected("pods", "tier>1"), list()],
  ["namespaces/shop/pods", list(pod)],
  ["namespaces/other/pods", list()],
  ["namespaces/shop/pods/web", pod],
];

describe("resource metrics", () => {
  for (const [path, expected] of rows)
    test(`answer ${path} as Heapster does`, async () => {
      const { status, body } = await (await world({ batches }))(`${root}/${path}`);
      assert.equal(status, 200, body);
      assert.deepEqual(JSON.parse(body), expected);
    });

  test("say what they were measured over", async () => {
    const settings = `${clusters}${usual.replace("{", "{resolution: 5m, ")}`;
    const { body } = await (await world({ batches, settings }))(`${root}/nodes/n1`);
    assert.equal(JSON.parse(body).window, "5m0s");
  });

  const mistakes: readonly (readonly [string, number, RegExp])[] = [
    [selected("pods", "a in b"), 400, /labelSelector/],
    ["nodes/n2", 404, /^No metrics for node n2$/],
    ["namespaces/shop/pods/nobody", 404, /^pod "nobody" not found/],
    ["namespaces/shop/pods/idle", 404, /^No metrics for pod shop\/idle$/],
    ["namespaces/shop", 404, /^404: Page Not Found$/],
  ];
  for (const [path, expected, message] of mistakes)
    test(`refuse ${path} in plain text`, async () => {
      const { status, body } = await (await world({ batches }))(`${root}/${path}`);
      assert.equal(status, expected);
      assert.match(body, message);
    });
});

const record = (cluster: string, more: Partial<CycleRecord> = {}): CycleRecord =>
  cycleRecord({ cluster, end: start, ...more });

describe("healthz", () => {
  const token = madeUpToken(`jobs: ["*"]`);
  const settings = `${clusters}${usual}tokens: [${token.written}]\n`;

  test("is ok without a token when each cluster has a batch that is not old", async () => {
    const ask = await world({
      settings,
      records: [record("prod-eu"), record("lab"), record("gone", { sets: 0 })],
    });
    for (const path of ["/healthz", "/healthz/healthz"])
      assert.deepEqual([(await ask(path)).status, (await ask(path)).body], [200, "ok"]);
    assert.match(
      (await ask("/healthz?verbose")).body,
      /^\[\+\]ping ok\n\[\+\]healthz ok\nhealthz check passed\n$/,
    );
  });

  const failing: readonly (readonly [string, CycleRecord[]])[] = [
    ["a cluster has none", [record("prod-eu")]],
    ["a batch is empty", [record("prod-eu"), record("lab", { sets: 0 })]],
    ["a batch is old", [record("prod-eu"), record("lab", { end: start - 3 * minute })]],
  ];
  for (const [when, records] of failing)
    test(`fails without saying why when ${when}`, async () => {
      const { status, body } = await (await world({ settings, records }))("/healthz");
      assert.equal(status, 500);
      assert.match(body, /\[-\]healthz failed: reason withheld\nhealthz check failed\n$/);
    });
});
