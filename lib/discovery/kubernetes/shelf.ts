import { statusOf } from "./answer.ts";
import type { ListSelector } from "./list.ts";
import { everything, type Listed, type Lister, questionOf } from "./lists.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import type { ObjectChange, Reflector } from "./reflector.ts";

/** The reflectors of one resource, one for each namespace and selector that is asked for, and who reads which. */
export interface Shelf<Reader, T extends KubernetesObject> {
  /** Lists out of memory, live, and begins to reflect what is not reflected yet. */
  listerFor(reader: Reader): Lister<T>;
  /** Of what this reader reads. */
  troubleOf(reader: Reader): Error | undefined;
  /** Stops and forgets what nobody reads. */
  prune(): Promise<void>;
  /** Ends all requests and forgets the readers; what is in memory stays. */
  stop(): Promise<void>;
}

export interface ShelfParts<Reader, T extends KubernetesObject> {
  readonly make: (place: { readonly namespace: string; readonly selector: ListSelector }) => Reflector<T>;
  readonly changed: (reader: Reader, change: ObjectChange<T>) => void;
  /** Everything was listed anew, or works again. */
  readonly renewed: (reader: Reader) => void;
  /** What the reader reads comes from another reflector now. */
  readonly rebound: (reader: Reader) => void;
}

interface Entry<T extends KubernetesObject> {
  readonly reflector: Reflector<T>;
  readonly listed: Listed<T>;
  started: boolean;
  everListed: boolean;
}

export const createShelf = <Reader, T extends KubernetesObject>(
  parts: ShelfParts<Reader, T>,
): Shelf<Reader, T> => {
  const entries = new Map<string, Entry<T>>();
  const readers = createReaders(parts);
  const wholeOf = (namespace: string, selector: ListSelector): Entry<T> | undefined => {
    const whole = namespace === "" ? undefined : entries.get(questionOf("", selector));
    return whole?.started ? whole : undefined;
  };
  const entryFor = (namespace: string, selector: ListSelector): Entry<T> => {
    const question = questionOf(namespace, selector);
    const entry = entries.get(question) ?? newEntry(parts.make({ namespace, selector }));
    entries.set(question, entry);
    return entry;
  };
  return {
    listerFor:
      (reader) =>
      async (namespace, selector = everything) => {
        const whole = wholeOf(namespace, selector);
        if (whole !== undefined && !isHopeless(whole)) {
          readers.bind(reader, whole);
          const listed = await currentOf(whole);
          if (listed !== undefined) return within(listed, namespace);
        }
        const own = entryFor(namespace, selector);
        readers.bind(reader, own, whole);
        await own.reflector.current();
        return own.listed;
      },
    troubleOf: (reader) => readers.entryOf(reader)?.reflector.trouble(),
    prune: async () => {
      const unread = [...entries].filter(([, entry]) => !readers.has(entry));
      for (const [question] of unread) entries.delete(question);
      await Promise.all(unread.map(([, entry]) => entry.reflector.stop()));
    },
    stop: async () => {
      readers.clear();
      const started = [...entries.values()].filter((entry) => entry.started);
      for (const entry of started) entry.started = false;
      await Promise.all(started.map((entry) => entry.reflector.stop()));
    },
  };
};

const newEntry = <T extends KubernetesObject>(reflector: Reflector<T>): Entry<T> => ({
  reflector,
  listed: liveOf(reflector),
  started: false,
  everListed: false,
});

/** Who reads which reflector, and who hears of what it does. */
const createReaders = <Reader, T extends KubernetesObject>(parts: ShelfParts<Reader, T>) => {
  const bound = new Map<Reader, Entry<T>>();
  /** Readers of their own namespaces, since the whole that would serve them as well is refused. */
  const hoping = new Map<Reader, Entry<T>>();
  const readersOf = (entry: Entry<T>, from: ReadonlyMap<Reader, Entry<T>> = bound) =>
    [...from].flatMap(([reader, read]) => (read === entry ? [reader] : []));
  const start = (entry: Entry<T>) => {
    const renewed = () => {
      for (const reader of [...readersOf(entry), ...readersOf(entry, hoping)]) parts.renewed(reader);
    };
    entry.started = true;
    entry.reflector.start({
      changed: (change) => {
        for (const reader of readersOf(entry)) parts.changed(reader, change);
      },
      listed: () => {
        entry.everListed = true;
        renewed();
      },
      recovered: renewed,
    });
  };
  return {
    bind: (reader: Reader, entry: Entry<T>, hope?: Entry<T>) => {
      if (bound.get(reader) !== entry) parts.rebound(reader);
      bound.set(reader, entry);
      if (hope === undefined) hoping.delete(reader);
      else hoping.set(reader, hope);
      if (!entry.started) start(entry);
    },
    entryOf: (reader: Reader) => bound.get(reader),
    has: (entry: Entry<T>) => readersOf(entry).length > 0,
    clear: () => {
      bound.clear();
      hoping.clear();
    },
  };
};

/** Undefined when the whole cannot be had, so that the namespace's own is to be tried. */
const currentOf = async <T extends KubernetesObject>(entry: Entry<T>): Promise<Listed<T> | undefined> => {
  try {
    await entry.reflector.current();
    return entry.listed;
  } catch (error) {
    if (isHopeless(entry)) return undefined;
    throw error;
  }
};

/** A server that goes away does so for a single namespace, too; one that refuses the whole may allow a part of it. */
const isHopeless = <T extends KubernetesObject>({ reflector, everListed }: Entry<T>): boolean => {
  const trouble = reflector.trouble();
  return trouble !== undefined && (!everListed || statusOf(trouble)?.code === 403);
};

const liveOf = <T extends KubernetesObject>({ objects }: Pick<Reflector<T>, "objects">): Listed<T> => {
  let last: { readonly reason: object; readonly found: readonly T[] } | undefined;
  return {
    objects: { [Symbol.iterator]: () => objects.values() },
    byKey: objects,
    find: (test, reason) => {
      // Many providers ask the same of the same change, one right after the other.
      if (last?.reason !== reason) last = { reason, found: [...objects.values().filter(test)] };
      return last.found;
    },
  };
};

const within = <T extends KubernetesObject>(
  { objects, byKey, find }: Listed<T>,
  namespace: string,
): Listed<T> => {
  const isWithin = ({ meta }: T) => meta.namespace === namespace;
  const get = (key: string) => [byKey.get(key)].find((object) => object !== undefined && isWithin(object));
  return {
    objects: { [Symbol.iterator]: () => Iterator.from(objects).filter(isWithin) },
    byKey: { get, has: (key) => get(key) !== undefined },
    find: (test, reason) => find(test, reason).filter(isWithin),
  };
};
