import type { Item, Key, Table } from "./dynamodb.ts";
import { textOf } from "./item.ts";

/**
 * The same table for who reads several things at once: single items that are asked for in one turn of the event loop are asked of
 * the table by one BatchGetItem. One read alone goes as it is.
 */
export const readingTogether = (table: Table): Table => {
  let asked: Asked[] = [];
  const read = async () => {
    const together = asked;
    asked = [];
    if (together.length === 1) return together[0]!.alone();
    const names = new Map(together.flatMap(({ keys }) => keys.map((key) => [nameOf(key), key] as const)));
    try {
      const items = await table.getMany([...names.values()], everything);
      const found = new Map(items.map((item) => [nameOfItem(item), item]));
      for (const { keys, resolve } of together)
        resolve(keys.map((key) => found.get(nameOf(key))).filter((item) => item !== undefined));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  };
  const ask = (keys: readonly Key[], alone: () => Promise<readonly Item[]>) =>
    new Promise<readonly Item[]>((resolve, reject) => {
      asked.push({ keys, resolve, reject, alone: () => alone().then(resolve, reject) });
      if (asked.length === 1) setImmediate(() => void read());
    });
  return {
    ...table,
    get: async (key) => {
      const single = async () => [await table.get(key)].filter((item) => item !== undefined);
      return (await ask([key], single))[0];
    },
    getMany: async (keys, attributes) => {
      if (keys.length > few) return table.getMany(keys, attributes);
      return [...(await ask(keys, () => table.getMany(keys, attributes)))];
    },
  };
};

interface Asked {
  readonly keys: readonly Key[];
  readonly resolve: (items: readonly Item[]) => void;
  readonly reject: (error: unknown) => void;
  readonly alone: () => Promise<void>;
}

/** Generations, not states: of many items only a part is wanted, and together they are all read whole. */
const few = 10;
const everything: readonly string[] = [];

const nameOf = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);
const nameOfItem = (item: Item) => nameOf({ pk: textOf(item, "pk"), sk: textOf(item, "sk") });
