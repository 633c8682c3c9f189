import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { budgetTable, withTable } from "../../package-figures/budget.ts";
import {
  type Bundle,
  bundleFindings,
  hasKubernetesClient,
  loadedBy,
  shrunk,
} from "../../package-figures/bundles.ts";
import sizes from "../../package-figures/sizes.json" with { type: "json" };

const before = { bytes: 1000, startBytes: 500, startFiles: 10, nodeModules: 100 };
const bundle = (name: string, over: Partial<Bundle> = {}): Bundle => ({
  ...{ name, zipBytes: 10, ...before, hasKubernetesClient: name === "discover" },
  ...over,
});
const committed = { reduce: before, discover: before };
const both = [bundle("reduce"), bundle("discover")];

test("bundles: as they are committed or a tenth larger, and the client where clusters are reached, nothing is found", () => {
  assert.deepEqual(bundleFindings(both, committed), []);
  const larger = { bytes: 1100, startBytes: 550, startFiles: 11, nodeModules: 110 };
  assert.deepEqual(bundleFindings([bundle("reduce", larger), bundle("discover", larger)], committed), []);
});

for (const [key, value, says] of [
  ["bytes", 1101, "bytes of code: 1000 before, 1101 now, at most 1100"],
  ["startBytes", 551, "bytes loaded at the start: 500 before, 551 now, at most 550"],
  ["startFiles", 12, "files loaded at the start: 10 before, 12 now, at most 11"],
  ["nodeModules", 111, "of Node's modules loaded at the start: 100 before, 111 now, at most 110"],
] as const)
  test(`bundles: ${key} more than a tenth above what is committed are found, with all figures`, () => {
    const found = bundleFindings([bundle("reduce", { [key]: value }), bundle("discover")], committed);
    assert.deepEqual(found, [`reduce: ${says}`]);
  });

test("bundles: what became smaller by more than a tenth is told, so that it is kept", () => {
  assert.deepEqual(
    shrunk([bundle("reduce", { bytes: 900 }), bundle("discover", { bytes: 910 })], committed),
    ["reduce: bytes of code: 1000 before, 900 now"],
  );
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
  const found = bundleFindings(
    [bundle("reduce", { hasKubernetesClient: true }), bundle("discover")],
    committed,
  );
  assert.deepEqual(found, ["reduce: carries the Kubernetes client and reaches no cluster"]);
});

test("bundles: a mark that no longer marks the client is found", () => {
  const found = bundleFindings(
    [bundle("reduce"), bundle("discover", { hasKubernetesClient: false })],
    committed,
  );
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^discover: reaches clusters and has no makeApiClient/);
});

test("bundles: a function that is not committed, and one that is no longer packed, are found", () => {
  assert.deepEqual(bundleFindings([bundle("discover"), bundle("serve")], committed), [
    "serve: is not in tests/package-figures/sizes.json",
    "reduce: is committed, but is not packed",
  ]);
});

test("bundles: the mark is the client's own", () => {
  assert.ok(hasKubernetesClient(KubeConfig.toString()));
  assert.ok(!hasKubernetesClient("export const handler = () => 1;"));
});

test("bundles: docs/cold-start.md has the budget that is held, for each function of serverless.yml", () => {
  const root = new URL("../../../", import.meta.url);
  const page = readFileSync(new URL("docs/cold-start.md", root), "utf8");
  assert.ok(page.includes(budgetTable(sizes)), "npm run package:figures -- --accept writes it");
  assert.equal(withTable(page, sizes), page);
  const { functions } = parse(readFileSync(new URL("serverless.yml", root), "utf8"));
  assert.deepEqual(Object.keys(sizes), Object.keys(functions).toSorted());
  assert.equal(page.match(/^\| `[a-z]+` \|.+\| \S.+ \|$/gm)?.length, Object.keys(sizes).length);
});
