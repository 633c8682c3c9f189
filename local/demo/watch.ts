import { type Entry, entryOf, wholeOf } from "./entry.ts";
import type { StoreEvent } from "./history.ts";
import type { Query } from "./query.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import type { Sink } from "./sink.ts";
import { refuse } from "./status.ts";
import type { Store } from "./store.ts";

/** How watches behave; tests change it while the server runs. */
export interface Behaviour {
  /** How a watch from a forgotten version is told so: by the HTTP status, or by an ERROR event after a 200. */
  expired: "status" | "event";
  /** Whether `sendInitialEvents` is understood; a server without it answers 422, and an odd one takes no notice. */
  watchList: boolean | "ignored";
  bookmarkMilliseconds: number;
}

export interface WatchRequest {
  readonly store: Store;
  readonly resource: Resource;
  readonly query: Query;
  readonly behaviour: Readonly<Behaviour>;
}

/** Makes sure that a watch can begin; throws the StatusError that is sent in place of a 200. */
export const checkWatch = (request: WatchRequest) => {
  const { store, resource, query, behaviour } = request;
  if (query.sendInitialEvents && behaviour.watchList === false) {
    throw refuse(422, "sendInitialEvents: Forbidden: this server does not stream lists");
  }
  if (query.sendInitialEvents && query.resourceVersionMatch !== "NotOlderThan") {
    throw refuse(422, "resourceVersionMatch: Forbidden: sendInitialEvents needs NotOlderThan");
  }
  if (behaviour.expired === "event" || wantsState(query)) return;
  if (store.since(resource, query.resourceVersion ?? 0) === undefined) throw tooOld(request);
};

/** Streams events into the sink until `ended` is called or the returned function is. */
export const openWatch = (request: WatchRequest, sink: Sink, ended: () => void): (() => void) => {
  const { store, resource, query, behaviour } = request;
  const write = (type: string, json: string) => sink.write(`{"type":"${type}","object":${json}}\n`);
  const bookmark = (annotations?: Record<string, string>) => {
    if (query.allowWatchBookmarks) write("BOOKMARK", bookmarkOf(resource, store.version(), annotations));
  };
  const send = (event: StoreEvent) => {
    // A watch may begin at a version that is still to come; what happens until then is not for it.
    if (event.version <= (query.resourceVersion ?? 0)) return;
    const seen = seenThrough(query, event);
    if (seen !== undefined) write(seen.type, wholeOf(seen.entry));
  };
  const missed = missedBy(request);
  if (missed === undefined) {
    write("ERROR", JSON.stringify(tooOld(request).status));
    ended();
    return () => {};
  }
  for (const { type, entry } of missed) write(type, wholeOf(entry));
  if (query.sendInitialEvents && behaviour.watchList === true)
    bookmark({ "k8s.io/initial-events-end": "true" });
  return following({ request, send, bookmark, ended, every: behaviour.bookmarkMilliseconds });
};

interface Following {
  readonly request: WatchRequest;
  readonly send: (event: StoreEvent) => void;
  readonly bookmark: () => void;
  readonly ended: () => void;
  readonly every: number;
}

/** The real server picks between 30 and 60 minutes. */
const defaultTimeoutSeconds = 1800;

const following = ({ request, send, bookmark, ended, every }: Following) => {
  const unsubscribe = request.store.subscribe(request.resource, send);
  const bookmarks = setInterval(() => bookmark(), every);
  const finish = () => {
    bookmark();
    stop();
    ended();
  };
  const timeout = setTimeout(finish, 1000 * (request.query.timeoutSeconds || defaultTimeoutSeconds));
  const stop = () => {
    unsubscribe();
    clearInterval(bookmarks);
    clearTimeout(timeout);
  };
  return stop;
};

interface Seen {
  readonly type: StoreEvent["type"];
  readonly entry: Entry;
}

const wantsState = (query: Query) => query.sendInitialEvents || !query.resourceVersion;

/** What a watch begins with: all there is as ADDED, or what happened since its version; undefined if forgotten. */
const missedBy = ({ store, resource, query }: WatchRequest): Seen[] | undefined => {
  if (wantsState(query)) {
    const entries = store.snapshot(resource) ?? [];
    return entries.filter((entry) => query.matches(entry.object)).map((entry) => ({ type: "ADDED", entry }));
  }
  const events = store.since(resource, query.resourceVersion ?? 0);
  return events?.map((event) => seenThrough(query, event)).filter((seen) => seen !== undefined);
};

/** An event as a watch with selectors sees it: what leaves the selection is deleted, what enters it is added. */
const seenThrough = (query: Query, event: StoreEvent): Seen | undefined => {
  const before = event.previous !== undefined && query.matches(event.previous.object);
  const after = event.type !== "DELETED" && query.matches(event.entry.object);
  if (after) return { type: before ? "MODIFIED" : "ADDED", entry: event.entry };
  return before && event.previous !== undefined
    ? { type: "DELETED", entry: at(event.previous, event.version) }
    : undefined;
};

/** The last state that was in the selection, under the version that took it out. */
const at = ({ key, object }: Entry, version: number) =>
  entryOf(key, { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });

const bookmarkOf = (resource: Resource, version: number, annotations: Record<string, string> | undefined) =>
  JSON.stringify({
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(version),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    },
  });

const tooOld = ({ store, query }: WatchRequest) =>
  refuse(410, `too old resource version: ${query.resourceVersion ?? 0} (${store.version()})`);
