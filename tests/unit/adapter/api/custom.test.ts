import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NotListed } from "../../../../lib/adapter/objects/objects.ts";
import { SourceFailure } from "../../../../lib/adapter/provider/provider.ts";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import { node, pod, world } from "../world.ts";

const v1 = "/apis/custom.metrics.k8s.io/v1beta1";
const v2 = "/apis/custom.metrics.k8s.io/v1beta2";
const hits = { hits: { web: 0.0164, api: 2000 } };
const objects = { "shop/pods": [pod("api"), pod("idle"), pod("web")], "/nodes": [node("n1")] };

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

const internal = (message: string) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: `Internal error occurred: ${message}`,
  reason: "InternalError",
  details: { causes: [{ message }] },
  code: 500,
});

describe("custom metrics that there are not (B6, B9)", () => {
  const path = `${v1}/namespaces/shop/pods`;
  const cases: [string, string, number, string][] = [
    [
      "an unknown metric",
      `${path}/web/nothing`,
      404,
      "the server could not find the metric nothing for pods",
    ],
    [
      "no sample of the object",
      `${path}/idle/hits`,
      404,
      "the server could not find the metric hits for pods idle",
    ],
    [
      "a query that cannot be built",
      `${path}/web/odd`,
      404,
      "the server could not find the metric odd for pods",
    ],
    [
      "a resource that the cluster does not have",
      `${v1}/namespaces/shop/widgets.example/w/hits`,
      404,
      "the server could not find the metric hits for widgets.example",
    ],
    [
      "no object that the selector finds",
      `${v1}/namespaces/empty/pods/*/hits`,
      404,
      "the server could not find the metric hits for pods",
    ],
    ["a path that only looks like a metric", `${v1}/namespaces/shop/hits`, 400, "invalid request path"],
    [
      "a fieldSelector of another name",
      `${path}/web/hits?fieldSelector=metadata.name%3Dapi`,
      400,
      "fieldSelector metadata.name doesn't match requested name",
    ],
    [
      "a path below the version",
      `${v1}/namespaces/shop/pods/web`,
      404,
      "the server could not find the requested resource",
    ],
  ];
  for (const [what, target, status, message] of cases)
    test(`${what}: ${status}`, async () => {
      const all = { ...objects, "empty/pods": [] };
      const { get } = world({ custom: { ...hits, odd: new Unbuildable("an operator") }, objects: all });
      const answer = await get(target);
      assert.deepEqual([answer.status, answer.body.message, answer.body.kind], [status, message, "Status"]);
      assert.equal(answer.body.reason, status === 400 ? "BadRequest" : "NotFound");
    });

  test("a fieldSelector of the same name is well", async () => {
    const { get } = world({ custom: hits });
    assert.equal((await get(`${path}/web/hits?fieldSelector=metadata.name%3Dweb`)).status, 200);
  });

  test("a source that fails: 500, without a word of the source", async () => {
    const { get } = world({ custom: { hits: new SourceFailure("http://secret: refused") } });
    assert.deepEqual((await get(`${path}/web/hits`)).body, internal("unable to fetch metrics"));
  });

  test("objects that cannot be listed: 500", async () => {
    const { get } = world({ custom: hits });
    assert.deepEqual((await get(`${path}/*/hits`)).body, internal("unable to list matching resources"));
  });

  test("an unknown resource of all objects: 500, since the list comes first", async () => {
    const { get } = world({ custom: hits });
    const { body } = await get(`${v1}/namespaces/shop/widgets/*/hits`);
    assert.deepEqual(body, internal("unable to list matching resources"));
  });

  test("a cluster whose resources are not known yet: 500", async () => {
    const { get } = world({ custom: hits, mapper: async () => Promise.reject(new Error("away")) });
    assert.equal((await get(`${path}/web/hits`)).status, 500);
  });

  // No label of Kubernetes begins as `__name__` does: upstream refuses the selector before any template sees it (apimachinery's `IsQualifiedName`).
  for (const selector of ["a in b", "__name__=other", "!__name__"].map(encodeURIComponent))
    test(`a labelSelector that cannot be read: 400; a metricLabelSelector: 500 without a reason: ${selector}`, async () => {
      const { asked, get } = world({ custom: hits, objects });
      const label = await get(`${path}/*/hits?labelSelector=${selector}`);
      assert.deepEqual([label.status, label.body.reason], [400, "BadRequest"]);
      const metric = await get(`${path}/web/hits?metricLabelSelector=${selector}`);
      assert.deepEqual([metric.status, metric.body.reason], [500, undefined]);
      assert.deepEqual(asked, []);
    });

  test("a selector that the API server does not take: its words, 400", async () => {
    const refused = new NotListed("x", { badSelector: "field label not supported: x" });
    const { get } = world({ custom: hits, objects: { "shop/pods": refused } });
    const { status, body } = await get(`${path}/*/hits`);
    assert.deepEqual([status, body.message], [400, "field label not supported: x"]);
  });

  test("!= of a metric's label has no structured form: 500 once there is a value, 404 while there is none", async () => {
    const { get } = world({ custom: hits });
    const selector = encodeURIComponent("a!=1");
    const there = await get(`${path}/web/hits?metricLabelSelector=${selector}`);
    assert.deepEqual(
      [there.status, there.body.message, there.body.reason],
      [500, '"!=" is not a valid label selector operator', undefined],
    );
    assert.equal((await get(`${path}/idle/hits?metricLabelSelector=${selector}`)).status, 404);
  });
});
