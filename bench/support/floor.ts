import type { Item, Table } from "../../lib/table/dynamodb.ts";
import { podGroups } from "./groups.ts";
import { itemOf } from "./seeded.ts";

/**
 * Bare conditional writes that the table takes a second, of items as the pool has them, from this process: nothing that writes each
 * group by itself and only if it is new can be quicker. By the program's own table client, since it bounds what can be had with that;
 * `bench/reducing.ts` has bare writes of its own, straight by an SDK client and as many under way as a reducer has, because there what
 * our client costs is part of what is measured against them.
 */
export const conditionalWrites = async (table: Table, count = 3000): Promise<number> => {
  const items = podGroups(count).map((group, at): Item => {
    return { ...itemOf(group, at), pk: { S: `group#floor#${at % 8}` }, sk: { S: group.source } };
  });
  const began = performance.now();
  const write = async (): Promise<void> => {
    for (let item = items.pop(); item !== undefined; item = items.pop())
      await table.put(item, { condition: "attribute_not_exists(#pk)" });
  };
  await Promise.all(Array.from({ length: inFlight }, write));
  return (count * 1000) / (performance.now() - began);
};

const inFlight = 32;
