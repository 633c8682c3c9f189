import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Target } from "../../../page/live/shapes.ts";
import { filterTargets } from "../../../page/pure/filter.ts";

const target = (more: Partial<Target>): Target => ({
  job: "pods",
  state: "active",
  provider: "",
  source: "",
  cluster: "",
  discoveredLabels: {},
  labels: {},
  scrapeUrl: "",
  reason: "",
  ...more,
});

const shop = target({ discoveredLabels: { __meta_kubernetes_namespace: "Shop" }, labels: { app: "cart" } });
const gone = target({
  state: "dropped",
  discoveredLabels: { app: "api" },
  reason: "rule 2 (keep) dropped it",
});
const all = [shop, gone];
const found = (words: string[], state: Target["state"] | "any" = "any") =>
  filterTargets(all, { words, state });

describe("filtering the targets that are here", () => {
  test("without a wish gives the very same list", () => assert.equal(found([]), all));
  test("looks into values of any case", () => assert.deepEqual(found(["shop"]), [shop]));
  test("looks into names and into final labels", () => {
    assert.deepEqual(found(["kubernetes_name"]), [shop]);
    assert.deepEqual(found(["cart"]), [shop]);
  });
  test("understands name=value", () => {
    assert.deepEqual(found(["app=ca"]), [shop]);
    assert.deepEqual(found(["app=x"]), []);
  });
  test("wants every word", () => {
    assert.deepEqual(found(["cart", "shop"]), [shop]);
    assert.deepEqual(found(["cart", "api"]), []);
  });
  test("looks into the reason", () => assert.deepEqual(found(["rule", "2"]), [gone]));
  test("keeps to a state", () => assert.deepEqual(found(["app"], "dropped"), [gone]));
});
