import { statusOf } from "../answer.ts";
import type { ListedVersion } from "../list.ts";
import { type KubernetesObject, keyOf } from "../objects/meta.ts";
import { Interruption } from "./interruption.ts";
import { openWatch, type Watch, type WatchOptions, type WatchRequest } from "./watch.ts";

/** A whole list that came by a watch, which goes on with what happens after it. */
export interface StreamedList<T extends KubernetesObject> extends ListedVersion<T> {
  readonly watch: Watch<T>;
}

/**
 * WatchList (KEP-3157): a watch that begins with everything there is, which costs the API server a fraction of the memory
 * that a list does. Resolves to undefined where the server does not offer it: it refuses (1.20 does, with 422), ends the
 * watch too early, or sends what there is and then never says that this was all.
 */
export const streamList = async <T extends KubernetesObject>(
  request: Omit<WatchRequest<T>, "version">,
  options: WatchOptions,
): Promise<StreamedList<T> | undefined> => {
  try {
    const watch = await openWatch({ ...request, version: undefined }, options);
    return await initialOf(watch);
  } catch (error) {
    const ended = error instanceof Interruption && error.kind === "ended";
    const refused = refusals.has(statusOf(error)?.code ?? 0);
    if ((ended || refused) && !options.signal.aborted) return undefined;
    throw error;
  }
};

/** 403 is among them since a proxy may know what may be asked for; who may not watch at all is told so by the next request. */
const refusals = new Set([400, 403, 405, 406, 415, 422, 501]);

/** Changes may come between the initial events, so the last word on each object counts. */
const initialOf = async <T extends KubernetesObject>(watch: Watch<T>): Promise<StreamedList<T>> => {
  const objects = new Map<string, T>();
  for (;;) {
    const { value: event } = await watch.next();
    if (event.type === "put") objects.set(keyOf(event.object.meta), event.object);
    else if (event.type === "removed") objects.delete(keyOf(event.meta));
    else if (event.endsInitial) {
      return { objects: [...objects.values()], resourceVersion: event.version, watch };
    }
  }
};
