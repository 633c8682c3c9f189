import { createRequire } from "node:module";
import { tellValues, type Values } from "./values.ts";

/**
 * dynalite goes by way of LevelDB's own threads for every item that it reads or writes, and for the definition of its table
 * each time, which takes many times as long as the reading and writing itself. From now on it reads where it is, since the
 * table has a thread of its own, a query's items many at a time, and what comes to be written in one turn of the event loop is written as one batch. An
 * answer still waits until what it confirms is written. What is given back closes what was opened since: a thread that ends while
 * LevelDB is open may take the program with it.
 */
export const spareThreads = (): (() => Promise<void>) => {
  const opened: Level[] = [];
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const database: Database = requireAsDynalite("./db");
  const { create } = database;
  database.create = (options) => {
    const store = create(options);
    // Before this turn is over, after which it would open itself. Whoever asked it for something would not hear why it could not.
    void store.db.open(boundedly);
    const { get, batch } = store.db;
    store.db.get = readingInPlace(store.db, get);
    store.db.batch = writingTogether(batch);
    store.db.createValueStream = (options) => tellValues(store.db, options);
    opened.push(store.db);
    return store;
  };
  return async () => {
    await Promise.all(opened.map((db) => db.close()));
  };
};

/**
 * LevelDB keeps its files mapped, a thousand of them unless told, and the sweep of expired items reads them all: the whole table would be
 * in memory. So it is told the fewest and smallest that it allows (leveldb's db_impl.cc, SanitizeOptions): 64 and ten for other uses, of
 * a mebibyte, which makes about 64 MiB: more while much is written, since what is flushed is one file, however large. A file that is not open costs a read some microseconds.
 */
const boundedly = { maxOpenFiles: 74, maxFileSize: 1024 * 1024 };

/** Whoever comes before it is open is put off by LevelDB, which asks again, for a promise: that, too, goes its old way. */
const readingInPlace =
  (db: Level, later: Level["get"]): Level["get"] =>
  (key, done) => {
    if (db.status !== "open" || !isCallback(done)) return later(key, done);
    let value: unknown;
    try {
      value = db.getSync(key);
    } catch (error) {
      return done(error);
    }
    return done(null, value);
  };

const writingTogether = (batch: Level["batch"]): Level["batch"] => {
  let waiting: { readonly operations: readonly object[]; readonly done: Callback }[] = [];
  const write = () => {
    const together = waiting;
    waiting = [];
    batch(
      together.flatMap(({ operations }) => operations),
      (error: unknown) => {
        for (const { done } of together) done(error);
      },
    );
  };
  return (operations, done) => {
    if (!isCallback(done)) return batch(operations, done);
    waiting.push({ operations, done });
    if (waiting.length === 1) setImmediate(write);
    return undefined;
  };
};

const isCallback = (done: unknown): done is Callback => typeof done === "function";

type Callback = (error: unknown, value?: unknown) => void;

/** What is used of dynalite's `db/index.js`, and of LevelDB behind it. */
interface Database {
  create(options: object): { readonly db: Level };
}

interface Level extends Values {
  createValueStream: (options: object) => unknown;
  readonly status: string;
  get: (key: string, done?: unknown) => unknown;
  batch: (operations: readonly object[], done?: unknown) => unknown;
  getSync(key: string): unknown;
  open(options: typeof boundedly): Promise<void>;
  close(): Promise<void>;
}
