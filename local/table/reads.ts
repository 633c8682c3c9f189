import { createRequire } from "node:module";

/**
 * dynalite reads every item, and before it the definition of its table, by way of LevelDB's own threads, which takes many
 * times as long as the reading itself. The table has a thread of its own, so from now on it reads where it is.
 */
export const readInPlace = (): void => {
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const database: Database = requireAsDynalite("./db");
  const { create } = database;
  database.create = (options) => {
    const store = create(options);
    const { db } = store;
    const later = db.get;
    db.get = (key, done) => {
      // Whoever reads before it is open is put off by LevelDB, which asks again, for a promise.
      if (db.status !== "open" || typeof done !== "function") return later(key, done);
      let value: unknown;
      try {
        value = db.getSync(key);
      } catch (error) {
        return done(error);
      }
      return done(null, value);
    };
    return store;
  };
};

/** What is used of dynalite's `db/index.js`, and of LevelDB behind it. */
interface Database {
  create(options: object): { readonly db: Level };
}

interface Level {
  readonly status: string;
  get: (key: string, done?: unknown) => unknown;
  getSync(key: string): unknown;
}
