import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labelChanges } from "../../../lib/history/labels.ts";

const group = (labels: Record<string, string>, ...targets: Record<string, string>[]) => ({
  source: "a",
  labels,
  targets,
});

describe("how labels differ", () => {
  test("looks at those of the group and of its targets together", () => {
    const before = group({ a: "1", moved: "x" }, { __address__: "h:1" }, { __address__: "h:2", own: "1" });
    const after = group(
      { a: "1" },
      { __address__: "h:2", moved: "x", own: "2" },
      { __address__: "h:1", b: "" },
    );
    assert.deepEqual(labelChanges(before, after), { added: ["b"], removed: [], changed: ["own"] });
    assert.deepEqual(labelChanges(after, before), { added: [], removed: ["b"], changed: ["own"] });
  });

  test("does not ask how many targets have a value", () => {
    const one = group({}, { job: "a" }, { job: "b" });
    const more = group({}, { job: "b" }, { job: "a" }, { job: "a" });
    assert.deepEqual(labelChanges(one, more), { added: [], removed: [], changed: [] });
  });

  test("takes names that objects have by themselves", () => {
    const hostile = group(JSON.parse('{"__proto__": "1", "constructor": "2"}'));
    assert.deepEqual(labelChanges(group({}), hostile).added, ["__proto__", "constructor"]);
  });

  test("stays small whatever names there are", () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [`l${String(at).padStart(3, "0")}`, ""]),
    );
    const { added } = labelChanges(group({}), group({ ...many, ["a".repeat(1_000_000)]: "" }));
    assert.equal(added.length, 50);
    assert.equal(added[0], `${"a".repeat(100)}…`);
    assert.ok(JSON.stringify(added).length < 2_000);
  });
});
