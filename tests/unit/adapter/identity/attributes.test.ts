import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { attributesOf } from "../../../../lib/adapter/identity/attributes.ts";
import { createAuthorize, forbidden } from "../../../../lib/adapter/identity/authorize.ts";

const custom = "/apis/custom.metrics.k8s.io/v1beta1";
const external = "/apis/external.metrics.k8s.io/v1beta1";
const user = { name: "jane", groups: ["team"], extra: {} };

describe("what a request wants (B9)", () => {
  /** verb, namespace, resource, subresource, name */
  const cases: [string, string[]][] = [
    [`${custom}/namespaces/shop/pods/*/hits`, ["get", "shop", "pods", "hits", "*"]],
    [
      `${custom}/namespaces/shop/deployments.apps/web/hits`,
      ["get", "shop", "deployments.apps", "hits", "web"],
    ],
    [`${custom}/namespaces/shop/metrics/hits`, ["get", "shop", "metrics", "", "hits"]],
    [`${custom}/nodes/n1/hits`, ["get", "", "nodes", "hits", "n1"]],
    [`${external}/namespaces/shop/queue`, ["list", "shop", "queue", "", ""]],
    ["/apis/metrics.k8s.io/v1beta1/nodes", ["list", "", "nodes", "", ""]],
    ["/apis/metrics.k8s.io/v1beta1/nodes/n1", ["get", "", "nodes", "", "n1"]],
    ["/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods", ["list", "shop", "pods", "", ""]],
    ["/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods/web", ["get", "shop", "pods", "", "web"]],
    ["/apis/metrics.k8s.io/v1beta1/namespaces/shop/status", ["get", "shop", "namespaces", "status", "shop"]],
  ];
  for (const [path, expected] of cases)
    test(`by ${path}: ${expected.join(" ")}`, () => {
      const found = attributesOf("GET", path);
      assert.ok(found.kind === "resource");
      assert.deepEqual(
        [found.verb, found.namespace, found.resource, found.subresource, found.name],
        expected,
      );
    });

  test("by a discovery document or an own route is a path", () => {
    for (const path of ["/apis", "/apis/custom.metrics.k8s.io", custom, "/metrics", "/openapi/v2"])
      assert.deepEqual(attributesOf("GET", path), { kind: "path", verb: "get", path });
  });
});

describe("whether it is allowed", () => {
  const attributes = attributesOf("GET", `${external}/namespaces/shop/queue`);

  test("is asked of the cluster once in ten seconds, whatever it said, and never for system:masters", async () => {
    let now = 0;
    let asked = 0;
    let allowed = false;
    const authorize = createAuthorize(
      async () => {
        asked += 1;
        return { allowed, reason: "" };
      },
      () => now,
    );
    assert.equal((await authorize(user, attributes)).allowed, false);
    allowed = true;
    now = 9_999;
    assert.equal((await authorize(user, attributes)).allowed, false);
    now = 10_000;
    assert.equal((await authorize(user, attributes)).allowed, true);
    assert.equal(asked, 2);
    await authorize({ ...user, groups: [] }, attributes);
    await authorize(user, attributesOf("GET", `${external}/namespaces/other/queue`));
    assert.equal(asked, 4);
    assert.ok((await authorize({ ...user, groups: ["system:masters"] }, attributes)).allowed);
    assert.equal(asked, 4);
  });

  test("is asked again after a failure, and once by those who ask together", async () => {
    let asked = 0;
    const authorize = createAuthorize(
      async () => {
        asked += 1;
        if (asked === 1) throw new Error("away");
        return { allowed: true, reason: "" };
      },
      () => 0,
    );
    await assert.rejects(authorize(user, attributes), /away/);
    await Promise.all([authorize(user, attributes), authorize(user, attributes)]);
    assert.equal(asked, 2);
  });

  test("is refused in the words of an API server", () => {
    const { message, code, details } = forbidden(
      { ...user, name: "<jane>" },
      attributesOf("GET", `${custom}/namespaces/shop/pods/web/hits`),
      "RBAC",
    );
    assert.equal(
      message,
      'pods.custom.metrics.k8s.io "web" is forbidden: User "&lt;jane&gt;" cannot get resource "pods/hits" in API group "custom.metrics.k8s.io" in the namespace "shop": RBAC',
    );
    assert.deepEqual([code, details], [403, { name: "web", group: "custom.metrics.k8s.io", kind: "pods" }]);
    const cluster = forbidden(user, attributesOf("GET", "/apis/metrics.k8s.io/v1beta1/nodes"), "").message;
    assert.equal(
      cluster,
      'nodes.metrics.k8s.io is forbidden: User "jane" cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope',
    );
    const path = forbidden(user, attributesOf("GET", "/metrics"), "").message;
    assert.equal(path, 'forbidden: User "jane" cannot get path "/metrics"');
  });
});
