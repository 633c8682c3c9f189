import type { Client } from "./client.ts";
import type { ListRequest } from "./list.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import { keepTrying, type Reader } from "./watch/attempts.ts";
import { createHealth } from "./watch/health.ts";
import { createListWatch } from "./watch/listwatch.ts";
import { createObjectStore, type ObjectStore } from "./watch/objectstore.ts";
import { type WatchLimits, watchLimits } from "./watch/watch.ts";

/**
 * One list and one watch of one resource, kept going for as long as it is needed, and what they brought, by key
 * (client-go's `tools/cache/reflector.go` does this job upstream).
 */
export interface Reflector<T extends KubernetesObject> {
  /** Everything there is, as last told, by `keyOf`; live: reads always see the latest state. */
  readonly objects: ReadonlyMap<string, T>;
  /**
   * Resolves once everything was listed since `start`, or, where the watch goes on from before, once it is open; at once
   * when that was long ago. Rejects with the one-line reason while the last attempt to list or to watch failed, so that
   * nobody takes what is in memory for the truth.
   */
  current(): Promise<void>;
  /** Why the last attempt failed; undefined while all is well (and before the first attempt ended). */
  trouble(): Error | undefined;
  /** Begins, or goes on from the version that was seen last if that was a minute ago at most. Throws while it runs. */
  start(listener: ReflectorListener<T>): void;
  /** Ends the requests; what is in memory stays. Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** What throws in here ends the reflector's attempt with that error: it shows as trouble, and everything is listed anew. */
export interface ReflectorListener<T extends KubernetesObject> {
  /** One event of the watch, after it was put into `objects`. `before` is absent for an addition, `after` for a deletion. */
  changed(change: ObjectChange<T>): void;
  /** Everything was listed, for the first time or anew: compare the whole. */
  listed(): void;
  /** The last attempt worked after one or more that had not. */
  recovered(): void;
}

export interface ObjectChange<T extends KubernetesObject> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
  /** Unix milliseconds at which the event was read. */
  readonly at: number;
}

export interface ReflectorOptions<T extends KubernetesObject> extends ListRequest<T> {
  /**
   * Gives the client for one attempt, which is a list, if one is due, and one watch; its transport is closed after that.
   * `fresh`: the credentials of the last one were refused, so only new ones will do.
   */
  readonly client: (wanted: { readonly fresh: boolean }) => Client | Promise<Client>;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Rejects when the signal comes first. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Age of a list at which a fresh one is due; an hour by default. */
  readonly relistMilliseconds?: number;
  /** Objects per page of a list; 200 by default, which takes no longer than 500 and 30 MB less at 10,000 pods. */
  readonly pageSize?: number;
  /** False: the server is not asked whether it streams lists. */
  readonly watchList?: boolean;
  /** A test has less patience. */
  readonly limits?: Partial<WatchLimits>;
}

export const createReflector = <T extends KubernetesObject>(options: ReflectorOptions<T>): Reflector<T> => {
  const { clock } = options;
  const store = createObjectStore(options.resource);
  const health = createHealth();
  const listWatch = createListWatch({
    relistMilliseconds: 3_600_000,
    watchList: true,
    pageSize: 200,
    ...options,
    resource: store.resource,
    limits: { ...watchLimits, ...options.limits },
  });
  let running: Running | undefined;
  let stoppedAt = Number.POSITIVE_INFINITY;
  return {
    objects: store.objects,
    current: health.current,
    trouble: health.trouble,
    start: (listener) => {
      if (running !== undefined) throw new Error(`the reflector of ${options.resource.name} runs already`);
      if (clock() - stoppedAt > resumableMilliseconds) listWatch.forget();
      health.begin();
      const stop = new AbortController();
      const reader = readerOf(store, listener, clock);
      running = { stop, done: keepTrying({ ...options, listWatch, health, reader }, stop.signal) };
    },
    stop: async () => {
      const ending = running;
      if (ending === undefined) return;
      ending.stop.abort(new Error("stopped"));
      await ending.done;
      if (running !== ending) return;
      running = undefined;
      stoppedAt = clock();
      health.end();
    },
  };
};

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** First the store, then the listener, so that it finds there what it is told. */
const readerOf = <T extends KubernetesObject>(
  store: ObjectStore<T>,
  listener: ReflectorListener<T>,
  clock: () => number,
): Reader<T> => ({
  listed: (objects) => {
    store.replace(objects);
    listener.listed();
  },
  happened: (event) => {
    const change = store.apply(event);
    if (change !== undefined) listener.changed({ ...change, at: clock() });
  },
  recovered: () => listener.recovered(),
});

/** Another relay may have followed the cluster since; what is in memory from before that is older than what it told. */
const resumableMilliseconds = 60_000;
