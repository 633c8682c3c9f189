import { Stream } from "node:stream";

/**
 * dynalite takes each value that a query meets by a promise, a stream's buffer and two emitters. Here LevelDB gives many at a time, and
 * they are told at once to whoever listens, until it has had enough.
 */
export const tellValues = (db: Values, options: object): Stream => {
  // To what is no stream dynalite listens twice.
  const told = Object.assign(new Stream(), {
    destroy: () => {
      isOver = true;
    },
  });
  let isOver = false;
  const tell = async () => {
    const iterator = db.values(options);
    while (!isOver) {
      const values = await iterator.nextv(atOnce).catch((error: unknown) => failed(error));
      if (values.length === 0 && !isOver) told.emit("end");
      if (values.length === 0) break;
      for (const value of values) if (!isOver) told.emit("data", value);
    }
    await iterator.close();
  };
  const failed = (error: unknown): [] => {
    isOver = true;
    told.emit("error", error);
    return [];
  };
  void tell();
  return told;
};

/** Most queries end before: what was read in vain costs little. */
const atOnce = 128;

/** What is used of a LevelDB. */
export interface Values {
  values(options: object): {
    nextv(most: number): Promise<readonly unknown[]>;
    close(): Promise<void>;
  };
}
