import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { node, world } from "../world.ts";
import { hits, objects, v1 } from "./hits.ts";

const v2 = "/apis/custom.metrics.k8s.io/v1beta2";

describe("custom metrics (B6, B9)", () => {
  test("of one object, in the body of version v1beta2", async () => {
    const { get, asked } = world({ custom: hits });
    const { status, body } = await get(`${v2}/namespaces/shop/pods/web/hits`);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      kind: "MetricValueList",
      apiVersion: "custom.metrics.k8s.io/v1beta2",
      metadata: {},
      items: [
        {
          describedObject: { kind: "Pod", namespace: "shop", name: "web", apiVersion: "/v1" },
          metric: { name: "hits", selector: null },
          timestamp: "2026-01-01T00:00:00Z",
          value: "16m",
        },
      ],
    });
    assert.deepEqual(asked, [
      {
        group: "",
        resource: "pods",
        namespaced: true,
        metric: "hits",
        namespace: "shop",
        names: ["web"],
        selector: [],
      },
    ]);
  });

  test("of one object, in the body of version v1beta1", async () => {
    const { body } = await world({ custom: hits }).get(`${v1}/namespaces/shop/pods/web/hits`);
    const [item] = body.items;
    assert.deepEqual(item, {
      describedObject: { kind: "Pod", namespace: "shop", name: "web", apiVersion: "/v1" },
      metricName: "hits",
      timestamp: "2026-01-01T00:00:00Z",
      value: "16m",
      selector: null,
    });
    assert.equal(body.apiVersion, "custom.metrics.k8s.io/v1beta1");
  });

  test("of objects of a group, by singular or plural, which are named with their group's version", async () => {
    for (const written of ["deployments.apps", "deployment.apps", "deployments.app", "deployments"]) {
      const { get } = world({ custom: { hits: { d: 1 } } });
      const { body } = await get(`${v1}/namespaces/shop/${written}/d/hits`);
      assert.deepEqual(body.items[0].describedObject, {
        kind: "Deployment",
        namespace: "shop",
        name: "d",
        apiVersion: "apps/v1",
      });
    }
  });

  test("at the root, without a namespace", async () => {
    const { get, asked } = world({ custom: { hits: { n1: 3 } } });
    const { body } = await get(`${v1}/nodes/n1/hits`);
    assert.deepEqual(body.items[0].describedObject, { kind: "Node", name: "n1", apiVersion: "/v1" });
    assert.deepEqual(
      asked.map((one) => ("metric" in one ? [one.namespace, Object(one).namespaced] : [])),
      [[undefined, false]],
    );
  });

  test("of a namespace, by the form of its own", async () => {
    const { get, asked } = world({ custom: { hits: { shop: 3 } } });
    const { body } = await get(`${v1}/namespaces/shop/metrics/hits`);
    assert.deepEqual(body.items[0].describedObject, { kind: "Namespace", name: "shop", apiVersion: "/v1" });
    const [question] = asked;
    assert.deepEqual(
      [Object(question).resource, Object(question).names, Object(question).namespace],
      ["namespaces", ["shop"], undefined],
    );
  });

  test("of all that a selector finds, in the list's order, without those that have no sample", async () => {
    const { get, asked } = world({ custom: hits, objects });
    const { status, body } = await get(`${v1}/namespaces/shop/pods/*/hits?labelSelector=app%3Dweb`);
    assert.equal(status, 200);
    assert.deepEqual(
      body.items.map((item: { describedObject: { name: string }; value: string }) => [
        item.describedObject.name,
        item.value,
      ]),
      [
        ["api", "2k"],
        ["web", "16m"],
      ],
    );
    assert.deepEqual(asked[0], {
      list: {
        group: "",
        version: "v1",
        resource: "pods",
        singular: "pod",
        kind: "Pod",
        namespaced: true,
      },
      namespace: "shop",
      label: "app=web",
      field: "",
    });
    assert.deepEqual(Object(asked[1]).names, ["api", "idle", "web"]);
  });

  test("of all, none of which has a sample: an empty list", async () => {
    const { status, body } = await world({ custom: { hits: {} }, objects }).get(
      `${v1}/namespaces/shop/pods/*/hits`,
    );
    assert.deepEqual([status, body.items], [200, []]);
  });

  test("of all namespaces", async () => {
    const { get } = world({ custom: { hits: { shop: 1 } }, objects: { "/namespaces": [node("shop")] } });
    assert.equal((await get(`${v1}/namespaces/*/metrics/hits`)).body.items.length, 1);
  });

  test("with a selector for the metric, which is handed on and told again", async () => {
    const { get, asked } = world({ custom: hits });
    const selector = encodeURIComponent("b in (x,y),a=1,c,!d,e notin (z)");
    const { body } = await get(`${v2}/namespaces/shop/pods/web/hits?metricLabelSelector=${selector}`);
    assert.deepEqual(body.items[0].metric.selector, {
      matchLabels: { a: "1" },
      matchExpressions: [
        { key: "b", operator: "In", values: ["x", "y"] },
        { key: "c", operator: "Exists" },
        { key: "d", operator: "DoesNotExist" },
        { key: "e", operator: "NotIn", values: ["z"] },
      ],
    });
    assert.equal(Object(asked[0]).selector.length, 5);
  });
});
