import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesOf, expiry, itemAt, known, numberOf, text, textOf } from "../../../lib/table/item.ts";

const item = itemAt({ pk: "lease", sk: "prod" }, { holder: text("one") });

describe("an item of the table", () => {
  test("carries the format number and is known by it", () => {
    assert.deepEqual(item, { pk: { S: "lease" }, sk: { S: "prod" }, v: { N: "1" }, holder: { S: "one" } });
    assert.equal(known(item), item);
  });

  test("is refused by its name when the format is another or missing", () => {
    assert.throws(() => known({ ...item, v: { N: "2" } }), {
      message: "table item lease / prod: format 2, this version reads format 1",
    });
    const { v: _, ...without } = item;
    assert.throws(() => known(without), /format missing/);
  });

  test("tells which attribute is not what it should be", () => {
    assert.equal(textOf(item, "holder"), "one");
    const named = /table item lease \/ prod: attribute holder should be/;
    assert.throws(() => numberOf(item, "holder"), named);
    assert.throws(() => bytesOf(item, "holder"), named);
    assert.throws(() => textOf(item, "epoch"), /attribute epoch should be a string/);
  });

  test("is not believed to have the types that the SDK promises", () => {
    const odd = {
      ...item,
      sk: { S: { a: 1 } as never },
      holder: { S: 1 as never },
      n: { N: "many" },
      b: { B: "a" as never },
    };
    assert.throws(
      () => textOf(odd, "holder"),
      /^Error: table item lease \/ \?: attribute holder should be a string$/,
    );
    assert.throws(() => numberOf(odd, "n"), /attribute n should be a number$/);
    assert.throws(() => bytesOf(odd, "b"), /attribute b should be binary$/);
  });

  test("is named in one line, whatever its key is", () => {
    const odd = itemAt({ pk: "a\r\nb", sk: "c".repeat(1_000) }, {});
    assert.throws(() => textOf(odd, "x"), {
      message: `table item a b / ${"c".repeat(300)}: attribute x should be a string`,
    });
  });

  test("expires in whole seconds and never early", () => {
    assert.deepEqual(expiry(1_000), { N: "1" });
    assert.deepEqual(expiry(1_001), { N: "2" });
  });
});
