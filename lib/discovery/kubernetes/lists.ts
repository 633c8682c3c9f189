import type { Cache } from "./caches.ts";
import { type ListOptions, type ListSelector, listAll } from "./list.ts";
import type { ObjectMemory } from "./memory.ts";
import { type KubernetesObject, keyOf } from "./objects/meta.ts";
import type { Objects, Resource, ResourceName } from "./resources.ts";

/** A whole list, one by one and by key; out of a reflector's memory it is live. */
export interface Listed<T> {
  readonly objects: Iterable<T>;
  readonly byKey: Cache<T>;
  /** Those that pass; what was found for the same reason is not looked for again. */
  readonly find: (test: (object: T) => boolean, reason: object) => readonly T[];
}

/** Lists a resource in one namespace, or everywhere (`""`); the same question is asked only once. */
export type Lister<T> = (namespace: string, selector?: ListSelector) => Promise<Listed<T>>;

export type Lists = { readonly [Name in ResourceName]: Lister<Objects[Name]> };

/**
 * The lists of one look with one set of credentials, shared by all its providers. A namespace is answered from the
 * list of all namespaces when that was asked for before, so ask for whole clusters first.
 */
export const createLists = (options: ListOptions, memory: ObjectMemory): Lists => {
  const slots = createSlots(mostParallel);
  const lister = <T extends KubernetesObject>({ resource }: { resource: Resource<T> }): Lister<T> =>
    memoised((namespace, selector) =>
      slots(async () => indexed(await listAll({ resource, namespace, selector }, options))),
    );
  return {
    nodes: lister(memory.nodes),
    namespaces: lister(memory.namespaces),
    pods: lister(memory.pods),
    services: lister(memory.services),
    endpoints: lister(memory.endpoints),
    endpointSlices: lister(memory.endpointSlices),
    ingresses: lister(memory.ingresses),
    replicaSets: lister(memory.replicaSets),
    jobs: lister(memory.jobs),
  };
};

/** API servers count requests in flight per user; this leaves room for everybody else. */
const mostParallel = 6;

/** The selector of whoever names none. */
export const everything: ListSelector = { label: "", field: "" };

/** Equal for equal questions about one resource. */
export const questionOf = (namespace: string, { label, field }: ListSelector): string =>
  JSON.stringify([namespace, label, field]);

const memoised = <T extends KubernetesObject>(
  ask: (namespace: string, selector: ListSelector) => Promise<Listed<T>>,
): Lister<T> => {
  const asked = new Map<string, Promise<Listed<T>>>();
  return (namespace, selector = everything) => {
    const known = asked.get(questionOf(namespace, selector));
    if (known !== undefined) return known;
    const whole = asked.get(questionOf("", selector));
    const own = () => ask(namespace, selector);
    const answer = whole === undefined ? own() : whole.then((all) => within(all, namespace), own);
    asked.set(questionOf(namespace, selector), answer);
    return answer;
  };
};

const within = <T extends KubernetesObject>({ objects }: Listed<T>, namespace: string): Listed<T> =>
  indexed([...objects].filter(({ meta }) => meta.namespace === namespace));

const indexed = <T extends KubernetesObject>(objects: readonly T[]): Listed<T> => ({
  objects,
  byKey: new Map(objects.map((object) => [keyOf(object.meta), object])),
  find: (test) => objects.filter(test),
});

/** Runs at most so many at once; the others wait their turn. */
const createSlots = (most: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await run();
    } finally {
      // The place goes straight to the next in line, so the count stays.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
};
