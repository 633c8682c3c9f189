import assert from "node:assert/strict";
import { test } from "node:test";
import type { Held } from "../../../lib/pool/pool.ts";
import { heldIn } from "../../../lib/pool/read.ts";
import type { Item, Table } from "../../../lib/table/dynamodb.ts";
import { format, number, text } from "../../../lib/table/item.ts";

const itemOf = (source: string): Item => ({
  v: number(format),
  sk: text(source),
  epoch: number(1),
  sequence: number(1),
  hash: text("some"),
  removed: { BOOL: false },
  targets: number(1),
});

/** Only queries, page by page, as large as they are asked for. */
const tableOf = (items: readonly Item[], pages: number[]): Pick<Table, "query"> => ({
  query: async function* ({ most = items.length }) {
    for (let at = 0; at < items.length; at += most) {
      const page = items.slice(at, at + most);
      pages.push(page.length);
      yield page;
    }
  },
});

test("an index is read whole, by pages that keep nobody waiting for long", async () => {
  const items = Array.from({ length: 1_203 }, (_, at) => itemOf(`pod/shop/${at}`));
  const pages: number[] = [];
  const index = new Map<string, Held>();
  await heldIn(tableOf(items, pages), { partition: "group#one#0", now: 1, index });
  assert.equal(index.size, items.length);
  assert.ok(
    pages.every((length) => length <= 500),
    `pages of ${pages}`,
  );
});
