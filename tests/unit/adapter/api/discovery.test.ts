import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { Catalogue } from "../../../../lib/adapter/provider/provider.ts";
import { start, world } from "../world.ts";

const catalogue: Catalogue = {
  custom: [
    { group: "", resource: "namespaces", namespaced: false, metric: "hits" },
    { group: "", resource: "nodes", namespaced: false, metric: "load" },
    { group: "", resource: "pods", namespaced: true, metric: "hits" },
    { group: "apps", resource: "deployments", namespaced: true, metric: "hits" },
    { group: "batch", resource: "jobs", namespaced: true, metric: "left" },
  ],
  external: ["backlog", "queue"],
  resources: true,
};
const none: Catalogue = { custom: [], external: [], resources: true };
const withoutRules: Catalogue = { custom: undefined, external: undefined, resources: false };
const aggregated =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

describe("discovery documents (B9)", () => {
  for (const [path, name] of [
    ["/apis", "groups"],
    ["/apis/custom.metrics.k8s.io", "custom-group"],
    ["/apis/custom.metrics.k8s.io/v1beta1", "custom-v1beta1"],
    ["/apis/custom.metrics.k8s.io/v1beta2", "custom-v1beta2"],
    ["/apis/external.metrics.k8s.io/v1beta1", "external-v1beta1"],
    ["/apis/metrics.k8s.io/v1beta1", "metrics-v1beta1"],
    ["/", "paths"],
  ] as const)
    test(`${path} is ${name}`, async (t) => {
      const { status, body } = await world({ catalogue }).get(path);
      assert.equal(status, 200);
      t.assert.fileSnapshot(body, new URL(`../../../golden/adapter/${name}.json`, import.meta.url).pathname);
    });

  for (const version of ["v2", "v2beta1"])
    test(`/apis in one document, version ${version}`, async (t) => {
      const headers = {
        accept: aggregated
          .split(",")
          .filter((one) => one.includes(`;v=${version};`))
          .join(),
      };
      const { body, type } = await world({ catalogue }).get("/apis", { headers });
      assert.equal(type, `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
      t.assert.fileSnapshot(
        body,
        new URL(`../../../golden/adapter/aggregated-${version}.json`, import.meta.url).pathname,
      );
    });

  test("/apis is in one document for who likes that best, and plain for who does not say", async () => {
    const { get } = world({ catalogue });
    assert.equal(
      (await get("/apis", { headers: { accept: aggregated } })).body.apiVersion,
      "apidiscovery.k8s.io/v2",
    );
    for (const accept of ["application/json", `application/json,${aggregated}`, "*/*"])
      assert.equal((await get("/apis", { headers: { accept } })).body.kind, "APIGroupList");
  });

  test("before the first relist the lists are empty, and there", async () => {
    const { get } = world({ catalogue: none });
    for (const path of ["custom.metrics.k8s.io/v1beta1", "external.metrics.k8s.io/v1beta1"]) {
      const { status, body } = await get(`/apis/${path}`);
      assert.deepEqual([status, body.resources], [200, []]);
    }
  });

  test("of APIs without rules are not there", async () => {
    const { get } = world({ catalogue: withoutRules });
    assert.deepEqual((await get("/apis")).body.groups, []);
    for (const path of [
      "custom.metrics.k8s.io",
      "external.metrics.k8s.io/v1beta1",
      "metrics.k8s.io/v1beta1/nodes",
    ])
      assert.deepEqual(await get(`/apis/${path}`), {
        status: 404,
        body: "404 page not found\n",
        type: undefined,
      });
  });

  test("of what nobody serves are not there", async () => {
    const { get } = world({ catalogue });
    for (const path of [
      "/api",
      "/apis/apps/v1",
      "/apis/custom.metrics.k8s.io/v1",
      "/x",
      "/openapi/v3/apis/apps/v1",
    ])
      assert.equal((await get(path)).body, "404 page not found\n", path);
    const below = await get("/apis/metrics.k8s.io/v1beta1/widgets");
    assert.deepEqual(below.body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "the server could not find the requested resource",
      reason: "NotFound",
      details: {},
      code: 404,
    });
  });
});

describe("OpenAPI documents", () => {
  const paths = [
    "/openapi/v2",
    ...["custom", "external"].map((one) => `/openapi/v3/apis/${one}.metrics.k8s.io/v1beta1`),
    "/openapi/v3/apis/custom.metrics.k8s.io/v1beta2",
    "/openapi/v3/apis/metrics.k8s.io/v1beta1",
  ];
  for (const path of paths)
    test(`${path} is valid`, async () => {
      const { status, body } = await world({ catalogue }).get(path);
      assert.equal(status, 200);
      const judged = await new Validator().validate(body);
      assert.deepEqual(judged.errors, undefined);
      assert.ok(judged.valid);
    });

  test("of version 3 are listed, at addresses that serve them", async () => {
    const { get } = world({ catalogue });
    const { body } = await get("/openapi/v3");
    assert.deepEqual(Object.keys(body.paths), [
      "apis/custom.metrics.k8s.io/v1beta1",
      "apis/custom.metrics.k8s.io/v1beta2",
      "apis/external.metrics.k8s.io/v1beta1",
      "apis/metrics.k8s.io/v1beta1",
    ]);
    for (const { serverRelativeURL } of Object.values<{ serverRelativeURL: string }>(body.paths))
      assert.equal((await get(serverRelativeURL)).status, 200);
  });
});

test("what an adapter tells of itself: how fresh its values are", async () => {
  const external = { queue: [{ labels: null, at: start / 1000 - 3, value: 1 }] };
  const { get } = world({ external });
  await get("/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue");
  const { body, type } = await get("/metrics");
  assert.match(type ?? "", /^text\/plain; version=0\.0\.4/);
  assert.match(body, /freshness_seconds_count\{group="external\.metrics\.k8s\.io"\} 1\n/);
  assert.match(body, /freshness_seconds_bucket\{group="external\.metrics\.k8s\.io",le="2\.539"\} 0\n/);
  assert.match(body, /freshness_seconds_bucket\{group="external\.metrics\.k8s\.io",le="3\.463"\} 1\n/);
});
