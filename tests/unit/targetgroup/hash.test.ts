import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { canonicalJson, contentHash } from "../../../lib/targetgroup/hash.ts";

const labels = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });
const groups = fc.record({ source: fc.string(), labels, targets: fc.array(labels, { maxLength: 4 }) });

describe("the canonical form of a target group", () => {
  test("has sorted names, no blanks and targets in order", () => {
    const group = { source: "s", labels: { b: "2", a: "1" }, targets: [{ z: "", __address__: "x:1" }, {}] };
    assert.equal(
      canonicalJson(group),
      '{"labels":{"a":"1","b":"2"},"source":"s","targets":[{"__address__":"x:1","z":""},{}]}',
    );
  });

  test("is JSON that means the same group, whatever the names and values", () => {
    fc.assert(
      fc.property(groups, (group) =>
        assert.deepEqual(JSON.parse(canonicalJson(group)), JSON.parse(JSON.stringify(group))),
      ),
    );
  });

  test("spells each text as JSON.stringify does, control characters and halves of surrogate pairs too", () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)));
    fc.assert(
      fc.property(
        units.map((some) => some.join("")),
        (text) =>
          assert.equal(
            canonicalJson({ source: text, labels: {}, targets: [{ a: text, [`b${text}`]: "" }] }),
            JSON.stringify({ labels: {}, source: text, targets: [{ a: text, [`b${text}`]: "" }] }),
          ),
      ),
    );
  });

  test("does not depend on the order in which labels were added", () => {
    const shuffled = (set: Record<string, string>) => Object.fromEntries(Object.entries(set).reverse());
    fc.assert(
      fc.property(groups, (group) => {
        const other = { ...group, labels: shuffled(group.labels), targets: group.targets.map(shuffled) };
        assert.equal(contentHash(other), contentHash(group));
      }),
    );
  });

  test("sorts names that look like numbers as text", () => {
    assert.equal(
      canonicalJson({ source: "s", labels: { "10": "b", "9": "a", "1": "c" }, targets: [] }),
      '{"labels":{"1":"c","10":"b","9":"a"},"source":"s","targets":[]}',
    );
  });
});

describe("the content hash", () => {
  test("is SHA-256 of the canonical form, in hex", () => {
    const group = { source: "pod/shop/web-1", labels: {}, targets: [{ __address__: "127.0.0.1:80" }] };
    assert.equal(contentHash(group), createHash("sha256").update(canonicalJson(group)).digest("hex"));
  });

  test("changes with the order of targets, since a list is served in order", () => {
    const [a, b] = [{ __address__: "a" }, { __address__: "b" }];
    const of = (targets: Record<string, string>[]) => contentHash({ source: "s", labels: {}, targets });
    assert.notEqual(of([a, b]), of([b, a]));
  });
});
