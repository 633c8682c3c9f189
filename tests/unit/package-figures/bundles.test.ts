import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeConfig } from "@kubernetes/client-node";
import bounds from "../../package-figures/bounds.json" with { type: "json" };
import { type Bundle, bundleFindings, hasKubernetesClient, loadedBy } from "../../package-figures/bundles.ts";

const bundle = (name: string, over: Partial<Bundle> = {}): Bundle => ({
  ...{ name, zipBytes: 10, bytes: 100, startBytes: 50, hasKubernetesClient: name === "discover" },
  ...over,
});
const given = { reduce: { bytes: 100, startBytes: 50 }, discover: { bytes: 100, startBytes: 50 } };
const both = [bundle("reduce"), bundle("discover")];

test("bundles: as large as their bounds, and the client where clusters are reached, nothing is found", () => {
  assert.deepEqual(bundleFindings(both, given), []);
});

test("bundles: one byte over its bound is found, with both figures", () => {
  assert.deepEqual(bundleFindings([bundle("reduce", { bytes: 101 }), bundle("discover")], given), [
    "reduce: the bundle has 101 bytes, the bound is 100",
  ]);
});

test("bundles: one byte over what may be loaded at the start is found", () => {
  assert.deepEqual(bundleFindings([bundle("reduce", { startBytes: 51 }), bundle("discover")], given), [
    "reduce: loads 51 bytes at its start, the bound is 50",
  ]);
});

test("bundles: what is loaded at the start are the imports of imports, and none that waits", () => {
  const files: Record<string, string> = {
    "f/a.mjs":
      'import{b as c}from"./a.chunks/b.mjs";import"./a.chunks/c.mjs";const d=()=>import("./a.chunks/late.mjs");',
    "f/a.chunks/b.mjs": 'import "../a.mjs"; export * from "./d.mjs";',
    "f/a.chunks/c.mjs": 'import x from "node:fs"',
    "f/a.chunks/d.mjs": "",
  };
  const loaded = loadedBy("f/a.mjs", (file) => files[file] ?? assert.fail(file));
  assert.deepEqual([...loaded].toSorted(), Object.keys(files).toSorted());
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
  const all = Object.values(bounds).flatMap((one) => [one.bytes, one.startBytes]);
  assert.ok(all.every((bound) => Number.isInteger(bound) && bound > 0));
});
