import { createRequire } from "node:module";

/**
 * dynalite writes the rows of an index, then the item. A process that is killed in between leaves an index that tells of a
 * state which no item has, and a row that no later write removes. From now on both are one LevelDB batch.
 */
export const writeAtOnce = (): void => {
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const database: Database = requireAsDynalite("./db");
  database.updateIndexes = (store, table, before, after, done) => {
    const items = store.getItemDb(table.TableName);
    const rows = rowsOf(database, table, before, after);
    const own = { put: items.put, del: items.del };
    const prefix = `item-${table.TableName}~`;
    // Whoever asked for the rows writes the item within `done`, before it returns.
    items.put = (key, value, written) =>
      store.db.batch([...rows, { type: "put", key: prefix + key, value }], written);
    items.del = (key, written) => store.db.batch([...rows, { type: "del", key: prefix + key }], written);
    try {
      done();
    } finally {
      Object.assign(items, own);
    }
  };
};

const rowsOf = (
  database: Database,
  table: Table,
  ...[before, after]: readonly [Item, Item]
): readonly Operation[] => {
  if (!before && !after) return [];
  return kinds.flatMap((kind) => {
    const { puts, deletes } = database.getIndexActions(
      table[`${kind}SecondaryIndexes`] ?? [],
      before,
      after,
      table,
    );
    const keyOf = ({ index, key }: { index: string; key: string }) =>
      `index-${kind.toLowerCase()}~${table.TableName}~${index}~${key}`;
    return [
      ...deletes.map((row) => ({ type: "del", key: keyOf(row) }) as const),
      ...puts.map((row) => ({ type: "put", key: keyOf(row), value: row.item }) as const),
    ];
  });
};

const kinds = ["Local", "Global"] as const;

/** What is used of dynalite's `db/index.js`. */
interface Database {
  updateIndexes(store: Store, table: Table, before: Item, after: Item, done: () => void): void;
  getIndexActions(indexes: readonly unknown[], before: Item, after: Item, table: Table): Actions;
}

type Item = object | null | undefined;

interface Table {
  readonly TableName: string;
  readonly LocalSecondaryIndexes?: readonly unknown[];
  readonly GlobalSecondaryIndexes?: readonly unknown[];
}

interface Actions {
  readonly puts: readonly { readonly index: string; readonly key: string; readonly item: object }[];
  readonly deletes: readonly { readonly index: string; readonly key: string }[];
}

interface Store {
  readonly db: { batch(operations: readonly Operation[], written: Written): void };
  getItemDb(table: string): {
    put: (key: string, value: object, written: Written) => void;
    del: (key: string, written: Written) => void;
  };
}

type Written = (error?: Error | null) => void;

type Operation =
  | { readonly type: "put"; readonly key: string; readonly value: object }
  | { readonly type: "del"; readonly key: string };
