import { createRequire } from "node:module";

/**
 * dynalite ends its LevelDB iterators by `return`, where they have one; abstract-level calls it `close`. So none was ever
 * closed: each query kept its iterator, and with it old files and their memory, for as long as the process lived.
 */
export const closeIterators = (): void => {
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const level: Level = requireAsDynalite("abstract-level");
  for (const { prototype } of [level.AbstractKeyIterator, level.AbstractValueIterator]) {
    prototype.return = function () {
      return this.close();
    };
  }
};

/** What is used of abstract-level. */
interface Level {
  readonly AbstractKeyIterator: { readonly prototype: Iterator };
  readonly AbstractValueIterator: { readonly prototype: Iterator };
}

interface Iterator {
  close(): Promise<void>;
  return?: () => Promise<void>;
}
