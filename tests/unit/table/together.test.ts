import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Item, Key, Table } from "../../../lib/table/dynamodb.ts";
import { itemAt, number } from "../../../lib/table/item.ts";
import { readingTogether } from "../../../lib/table/together.ts";

const keyOf = (sk: string): Key => ({ pk: "p", sk });
const items = new Map(["a", "b", "c"].map((sk, at) => [sk, itemAt(keyOf(sk), { n: number(at) })]));

/** What the table under it is asked. */
const start = (failing?: Error) => {
  const asked: string[] = [];
  const itemsOf = (keys: readonly Key[]): Item[] =>
    keys.map(({ sk }) => items.get(sk)).filter((item) => item !== undefined);
  const answer = async <Value>(line: string, value: Value): Promise<Value> => {
    asked.push(line);
    if (failing !== undefined) throw failing;
    return value;
  };
  const namesOf = (keys: readonly Key[]) => keys.map(({ sk }) => sk).join();
  const under: Pick<Table, "get" | "getMany"> = {
    get: (key) => answer(`get ${key.sk}`, itemsOf([key])[0]),
    getMany: (keys, attributes) =>
      // DynamoDB answers in no order.
      answer(`getMany ${namesOf(keys)} (${attributes.join()})`, itemsOf(keys).reverse()),
  };
  const nobody = () => assert.fail("only reads");
  const rest = { query: nobody, put: nobody, putMany: nobody, update: nobody, remove: nobody };
  return { asked, table: readingTogether({ ...under, ...rest }) };
};

describe("a table whose items are read together", () => {
  test("is asked once for what is wanted in one turn, each item once", async () => {
    const { asked, table } = start();
    const answers = await Promise.all([
      table.get(keyOf("a")),
      table.getMany([keyOf("b"), keyOf("a")], ["n"]),
      table.get(keyOf("nothing")),
      table.get(keyOf("c")),
    ]);
    assert.deepEqual(asked, ["getMany a,b,nothing,c ()"]);
    const [a, b, c] = [...items.values()];
    assert.deepEqual(answers, [a, [b, a], undefined, c]);
  });

  test("is asked as ever for one thing alone, and for many at a time", async () => {
    const { asked, table } = start();
    await table.get(keyOf("a"));
    await table.getMany([keyOf("b")], ["n"]);
    const many = Array.from({ length: 11 }, (_, at) => keyOf(`key-${at}`));
    await Promise.all([table.getMany(many, ["n"]), table.get(keyOf("a"))]);
    const line = `getMany ${many.map(({ sk }) => sk).join()} (n)`;
    assert.deepEqual(asked, ["get a", "getMany b (n)", line, "get a"]);
  });

  test("fails everybody who asked, and nobody later", async () => {
    const { table } = start(new Error("throttled"));
    const both = await Promise.allSettled([table.get(keyOf("a")), table.get(keyOf("b"))]);
    assert.deepEqual(
      both.map((one) => one.status === "rejected" && String(one.reason)),
      ["Error: throttled", "Error: throttled"],
    );
    assert.equal((await start().table.get(keyOf("a")))?.n, items.get("a")?.n);
  });
});
