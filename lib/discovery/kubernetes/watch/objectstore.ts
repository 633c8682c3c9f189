import type { Json } from "../objects/decode.ts";
import { type KubernetesObject, keyOf } from "../objects/meta.ts";
import type { Resource } from "../resources.ts";
import type { WatchEvent } from "./event.ts";

/** What a reflector holds: the objects as they were last told, by key. */
export interface ObjectStore<T extends KubernetesObject> {
  readonly objects: ReadonlyMap<string, T>;
  /** The resource with a decoder that gives back the object held, where uid and version say that it did not change. */
  readonly resource: Resource<T>;
  /** Holds exactly these from now on. */
  replace(objects: Iterable<T>): void;
  /** Undefined when that changed nothing. */
  apply(event: WatchEvent<T>): Replaced<T> | undefined;
}

export interface Replaced<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

export const createObjectStore = <T extends KubernetesObject>(resource: Resource<T>): ObjectStore<T> => {
  const objects = new Map<string, T>();
  return {
    objects,
    resource: { ...resource, decode: (object) => recall(objects, object) ?? resource.decode(object) },
    replace: (all) => {
      const present = new Set(all);
      for (const [key, object] of objects) if (!present.has(object)) objects.delete(key);
      for (const object of present) objects.set(keyOf(object.meta), object);
    },
    apply: (event) => {
      if (event.type === "bookmark") return undefined;
      const after = event.type === "put" ? event.object : undefined;
      const key = keyOf(event.type === "put" ? event.object.meta : event.meta);
      const before = objects.get(key);
      if (before === after) return undefined;
      if (after === undefined) objects.delete(key);
      else objects.set(key, after);
      return { key, before, after };
    },
  };
};

const recall = <T extends KubernetesObject>(objects: ReadonlyMap<string, T>, { metadata }: Json) => {
  const meta = Object.assign({ namespace: "", name: "", uid: "", resourceVersion: "" }, metadata);
  if (meta.uid === "" || meta.resourceVersion === "") return undefined;
  const held = objects.get(keyOf(meta));
  const same = held?.meta.uid === meta.uid && held.meta.resourceVersion === meta.resourceVersion;
  return same ? held : undefined;
};
