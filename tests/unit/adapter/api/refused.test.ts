import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NotListed } from "../../../../lib/adapter/objects/objects.ts";
import { SourceFailure } from "../../../../lib/adapter/provider/provider.ts";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import { world } from "../world.ts";
import { hits, objects, v1 } from "./hits.ts";

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
