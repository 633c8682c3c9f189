import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labelDifferences, shortened, splitName, tellingLabels } from "../../../page/pure/labels.ts";
import { stretchesOf } from "../../../page/pure/unseen.ts";

describe("what a step did to the labels", () => {
  test("is told label by label", () => {
    assert.deepEqual(labelDifferences({ a: "1", b: "2", c: "3" }, { b: "2", c: "4", d: "5" }), [
      { name: "a", mark: "removed", before: "1" },
      { name: "b", mark: "same", before: "2", after: "2" },
      { name: "c", mark: "changed", before: "3", after: "4" },
      { name: "d", mark: "added", after: "5" },
    ]);
  });

  test("a label may have the name of a method", () => {
    assert.deepEqual(labelDifferences({}, { constructor: "x" }), [
      { name: "constructor", mark: "added", after: "x" },
    ]);
  });
});

describe("the labels of a line", () => {
  test("begin with what tells targets apart, and leave out marks of presence", () => {
    const labels = {
      __address__: "a",
      __meta_kubernetes_pod_uid: "u",
      __meta_kubernetes_pod_labelpresent_app: "true",
      __meta_kubernetes_pod_name: "web-1",
      __meta_kubernetes_namespace: "shop",
      __meta_kubernetes_pod_label_app: "",
    };
    assert.deepEqual(tellingLabels(labels, 3), [
      ["__meta_kubernetes_namespace", "shop"],
      ["__meta_kubernetes_pod_name", "web-1"],
      ["__meta_kubernetes_pod_uid", "u"],
    ]);
  });

  test("a name parts into what its kind shares and what is its own", () => {
    assert.deepEqual(splitName("__meta_kubernetes_pod_name"), ["__meta_kubernetes_", "pod_name"]);
    assert.deepEqual(splitName("__meta_other"), ["__meta_", "other"]);
    assert.deepEqual(splitName("job"), ["", "job"]);
  });
});

describe("values from outside", () => {
  test("are cut without parting a character", () => {
    assert.equal(shortened("abcdef", 3), "abc…");
    assert.equal(shortened("ab😀", 3), "ab…");
    assert.equal(shortened("abc", 3), "abc");
  });

  test("name what would not be seen or would turn the line around", () => {
    assert.deepEqual(stretchesOf("a\u202eb\u0000"), [
      { text: "a", isUnseen: false },
      { text: "U+202E", isUnseen: true },
      { text: "b", isUnseen: false },
      { text: "U+0000", isUnseen: true },
    ]);
    assert.deepEqual(stretchesOf("<b>שלום</b>"), [{ text: "<b>שלום</b>", isUnseen: false }]);
  });

  test("of nothing but such characters stay a document of bounded size", () => {
    assert.ok(stretchesOf("\u200b".repeat(100_000)).length < 3000);
  });
});
