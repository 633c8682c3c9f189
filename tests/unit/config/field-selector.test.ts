import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fieldSelectorError } from "../../../lib/config/field-selector.ts";

describe("a field selector", () => {
  for (const selector of ["", ",", "a=b", "a!=b,c==d", "a=", "=b", "a=b\\,c\\=d\\\\", "metadata.name=x"]) {
    test(`may be ${JSON.stringify(selector)}`, () => assert.equal(fieldSelectorError(selector), undefined));
  }

  test("is judged in the order of its sorted terms", () => {
    assert.equal(fieldSelectorError("z,b"), "invalid selector: 'z,b'; can't understand 'b'");
  });

  test("escapes nothing but backslash, comma and equals", () => {
    assert.match(fieldSelectorError("a=b\\q") ?? "", /invalid escape sequence: \\q$/);
    assert.match(fieldSelectorError("a=b\\") ?? "", /invalid escape sequence: \\$/);
    assert.match(fieldSelectorError("a=b=c") ?? "", /unescaped character in value: 61$/);
  });
});
