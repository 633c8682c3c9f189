import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeConfig } from "@kubernetes/client-node";
import bounds from "../../package-figures/bounds.json" with { type: "json" };
import { type Bundle, bundleFindings, hasKubernetesClient } from "../../package-figures/bundles.ts";

const bundle = (name: string, over: Partial<Bundle> = {}): Bundle => ({
  ...{ name, zipBytes: 10, bytes: 100, hasKubernetesClient: name === "discover" },
  ...over,
});
const given = { reduce: 100, discover: 100 };
const both = [bundle("reduce"), bundle("discover")];

test("bundles: as large as their bounds, and the client where clusters are reached, nothing is found", () => {
  assert.deepEqual(bundleFindings(both, given), []);
});

test("bundles: one byte over its bound is found, with both figures", () => {
  assert.deepEqual(bundleFindings([bundle("reduce", { bytes: 101 }), bundle("discover")], given), [
    "reduce: the bundle has 101 bytes, the bound is 100",
  ]);
});

test("bundles: the Kubernetes client where no cluster is reached is found", () => {
  const found = bundleFindings([bundle("reduce", { hasKubernetesClient: true }), bundle("discover")], given);
  assert.deepEqual(found, ["reduce: carries the Kubernetes client and reaches no cluster"]);
});

test("bundles: a mark that no longer marks the client is found", () => {
  const found = bundleFindings([bundle("reduce"), bundle("discover", { hasKubernetesClient: false })], given);
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^discover: reaches clusters and has no makeApiClient/);
});

test("bundles: a function without a bound and a bound without a function are found", () => {
  assert.deepEqual(bundleFindings([bundle("discover"), bundle("serve")], given), [
    "serve: has no bound in tests/package-figures/bounds.json",
    "reduce: has a bound, but is not packed",
  ]);
});

test("bundles: the mark is the client's own, and every bound is a number of bytes", () => {
  assert.ok(hasKubernetesClient(KubeConfig.toString()));
  assert.ok(!hasKubernetesClient("export const handler = () => 1;"));
  assert.ok(Object.values(bounds).every((bound) => Number.isInteger(bound) && bound > 0));
});
