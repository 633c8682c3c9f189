import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseTemplate } from "../../../lib/relabel/template.ts";

// The table of odd cases is tests/golden/relabel/expand.yml.
describe("a replacement's template", () => {
  const numberOf = (name: string) => ({ name: 3 })[name];
  const expanded = (text: string) => parseTemplate(text, numberOf).expand(["ac", "a", undefined, "c"]);

  test("takes groups by number and by name", () => {
    assert.equal(expanded("$0-$1-$2-$3-$name"), "ac-a--c-c");
  });

  test("is constant only without variables", () => {
    const isConstant = (text: string) => parseTemplate(text, numberOf).isConstant;
    assert.deepEqual(["", "a", "$$1", "$", "$unknown", "$1"].map(isConstant), [
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test("gives back any text in which dollars are doubled", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) =>
        assert.equal(expanded(text.replaceAll("$", "$$$$")), text),
      ),
    );
  });
});
