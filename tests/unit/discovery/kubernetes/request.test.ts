import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nameOf, resourceUrl } from "../../../../lib/discovery/kubernetes/request.ts";

const server = new URL("https://cluster.example/k8s/one/");
const urlOf = (namespace: string, name = "pods") =>
  resourceUrl({ resource: { api: "/api/v1", name }, namespace, selector: { label: "", field: "" } }, server);

describe("where a resource is listed", () => {
  test("is the place of its namespace, whatever signs that has", () => {
    assert.equal(urlOf("").pathname, "/k8s/one/api/v1/pods");
    assert.equal(urlOf("shop").pathname, "/k8s/one/api/v1/namespaces/shop/pods");
    assert.equal(urlOf("a/../b").pathname, "/k8s/one/api/v1/namespaces/a%2F..%2Fb/pods");
    assert.equal(urlOf("%2e%2e").pathname, "/k8s/one/api/v1/namespaces/%252e%252e/pods");
    assert.equal(urlOf("x?y#z").pathname, "/k8s/one/api/v1/namespaces/x%3Fy%23z/pods");
  });

  for (const dots of [".", ".."])
    test(`is no place for ${dots}, by which a URL means another one`, () => {
      assert.throws(() => urlOf(dots), /is no name of a namespace or resource/);
      assert.throws(() => urlOf("shop", dots), /is no name of a namespace or resource/);
    });
});

describe("an object that cannot be decoded", () => {
  const names: [string, unknown, string][] = [
    ["its own", { namespace: "shop", name: "web" }, "shop/web"],
    ["its own without a namespace", { name: "n1" }, "n1"],
    ["none", undefined, "without a name"],
    ["none when that is no text", { namespace: { a: 1 }, name: ["x"] }, "without a name"],
    ["one line of it", { namespace: "a\r\nb", name: "x".repeat(100_000) }, `a b/${"x".repeat(296)}`],
  ];
  for (const [what, metadata, name] of names)
    test(`has in errors as its name ${what}`, () => assert.equal(nameOf({ metadata }), name));
});
