import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SourceFailure } from "../../../../lib/adapter/provider/provider.ts";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import { world } from "../world.ts";

const root = "/apis/external.metrics.k8s.io/v1beta1/namespaces";
const at = 1_767_225_500.75;

describe("external metrics (B7, B9)", () => {
  test("are one item per sample, with its labels and its own time", async () => {
    const labels = { __name__: "queue", queue: "a" };
    const external = {
      queue: [
        { labels, at, value: 0.5 },
        { labels: { queue: "b" }, at, value: Number.NaN },
      ],
    };
    const { get, asked } = world({ external });
    const selector = encodeURIComponent("queue in (b,a)");
    const { status, body } = await get(`${root}/shop/queue?labelSelector=${selector}`);
    assert.equal(status, 200);
    const timestamp = "2025-12-31T23:58:20Z";
    assert.deepEqual(body, {
      kind: "ExternalMetricValueList",
      apiVersion: "external.metrics.k8s.io/v1beta1",
      metadata: {},
      items: [
        { metricName: "queue", metricLabels: labels, timestamp, value: "500m" },
        { metricName: "queue", metricLabels: { queue: "b" }, timestamp, value: "0" },
      ],
    });
    assert.deepEqual(asked, [
      {
        metric: "queue",
        namespace: "shop",
        selector: [{ key: "queue", operator: "in", values: ["a", "b"] }],
      },
    ]);
  });

  test("of a scalar have no labels", async () => {
    const { body } = await world({ external: { one: [{ labels: null, at, value: 1 }] } }).get(
      `${root}/shop/one`,
    );
    assert.deepEqual([body.items.length, body.items[0].metricLabels, body.items[0].value], [1, null, "1"]);
  });

  test("without a sample are an empty list", async () => {
    const { status, body } = await world({ external: { none: [] } }).get(`${root}/shop/none`);
    assert.deepEqual([status, body.items], [200, []]);
  });

  test("that nobody knows: 404, which upstream words by the namespace's name", async () => {
    const { get } = world({ external: {} });
    const words = "the server could not find the metric x for ";
    assert.deepEqual((await get(`${root}/default/x`)).body.message, `${words}namespaces`);
    assert.deepEqual((await get(`${root}/shop/x`)).body.message, words);
    assert.equal((await get(`${root}/shop/x`)).status, 404);
  });

  test("that cannot be built or fetched: 500", async () => {
    const external = { odd: new Unbuildable("operator"), down: new SourceFailure("refused") };
    const { get } = world({ external });
    for (const metric of ["odd", "down"]) {
      const { status, body } = await get(`${root}/shop/${metric}`);
      assert.deepEqual([status, body.message], [500, "Internal error occurred: unable to fetch metrics"]);
    }
  });

  test("have names without slashes, and their selector must be readable", async () => {
    const { get } = world({ external: { "a/b": [] } });
    assert.equal((await get(`${root}/shop/a%2Fb`)).status, 404);
    assert.equal((await get(`${root}/shop`)).status, 404);
    assert.equal((await get(`${root}/shop/x?labelSelector=%3D`)).status, 400);
  });
});
