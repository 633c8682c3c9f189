import type { Follow, SourceChange } from "../../../../lib/discovery/follower.ts";
import { beginFollowing, type FollowingParts } from "../../../../lib/discovery/kubernetes/following.ts";
import type { ListRequest } from "../../../../lib/discovery/kubernetes/list.ts";
import type { Circle } from "../../../../lib/discovery/kubernetes/member.ts";
import type { Json } from "../../../../lib/discovery/kubernetes/objects/decode.ts";
import { type KubernetesObject, keyOf } from "../../../../lib/discovery/kubernetes/objects/meta.ts";
import type { Reflector, ReflectorListener } from "../../../../lib/discovery/kubernetes/reflector.ts";
import { createReflectors, type Reflectors } from "../../../../lib/discovery/kubernetes/reflectors.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";

/** A cluster in memory, and reflectors of it that do at once what they are told. Resources go by their plural names. */
export interface FakeCluster {
  make<T extends KubernetesObject>(request: ListRequest<T>): Reflector<T>;
  /** Adds an object or puts it in the place of another. */
  apply(resource: string, object: Json): void;
  remove(resource: string, key: string): void;
  /** What every running reflector of this resource and namespace has to say from now on. */
  set(resource: string, namespace: string, state: Error | "listed" | "slow"): void;
  relist(resource: string): void;
  /** `pods`, `pods@shop`, `pods app=web`: the running ones, sorted. */
  running(): string[];
  /** How many there were in all. */
  made(): number;
}

interface Running {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly apply: (object: Json) => void;
  readonly remove: (key: string) => void;
  readonly stateChanged: () => void;
  readonly relisted: () => void;
}

export const createFakeCluster = (): FakeCluster => {
  const objects = new Map<string, Map<string, Json>>();
  const states = new Map<string, Error | "slow">();
  const running = new Set<Running>();
  let made = 0;
  const of = (resource: string) => [...running].filter((one) => one.resource === resource);
  const stateOf = (resource: string, namespace: string) => states.get(`${resource}@${namespace}`);
  return {
    make: (request) => {
      made += 1;
      const { resource, namespace } = request;
      return fakeReflector(request, {
        running,
        all: () => [...(objects.get(resource.name)?.values() ?? [])],
        state: () => stateOf(resource.name, namespace),
      });
    },
    apply: (resource, object) => {
      const known = objects.get(resource) ?? new Map<string, Json>();
      objects.set(resource, known.set(keyOfJson(object), object));
      for (const one of of(resource)) one.apply(object);
    },
    remove: (resource, key) => {
      objects.get(resource)?.delete(key);
      for (const one of of(resource)) one.remove(key);
    },
    set: (resource, namespace, state) => {
      if (state === "listed") states.delete(`${resource}@${namespace}`);
      else states.set(`${resource}@${namespace}`, state);
      for (const one of of(resource)) if (one.namespace === namespace) one.stateChanged();
    },
    relist: (resource) => {
      for (const one of of(resource)) one.relisted();
    },
    running: () => [...running].map(({ name }) => name).sort(),
    made: () => made,
  };
};

const keyOfJson = (object: Json): string =>
  keyOf(Object.assign({ namespace: "", name: "" }, object.metadata));

interface Behind {
  readonly running: Set<Running>;
  readonly all: () => readonly Json[];
  readonly state: () => Error | "slow" | undefined;
}

const fakeReflector = <T extends KubernetesObject>(
  { resource, namespace, selector }: ListRequest<T>,
  { running, all, state }: Behind,
): Reflector<T> => {
  const objects = new Map<string, T>();
  const waiting = new Set<() => void>();
  let me: Running | undefined;
  const mine = ({ meta }: T) => namespace === "" || meta.namespace === namespace;
  const troubleNow = () => [state()].find((now) => now instanceof Error);
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const list = (listener: ReflectorListener<T>) => {
    if (state() !== undefined) return wake();
    objects.clear();
    for (const object of all().map(resource.decode))
      if (mine(object)) objects.set(keyOf(object.meta), object);
    listener.listed();
    wake();
  };
  const starting = (listener: ReflectorListener<T>): Running => ({
    resource: resource.name,
    namespace,
    name: `${resource.name}${namespace && `@${namespace}`}${selector.label && ` ${selector.label}`}`,
    apply: (json) => {
      const after = resource.decode(json);
      if (state() !== undefined || !mine(after)) return;
      const key = keyOf(after.meta);
      const before = objects.get(key);
      objects.set(key, after);
      listener.changed({ key, before, after, at: 1 });
    },
    remove: (key) => {
      const before = objects.get(key);
      if (state() !== undefined || !objects.delete(key)) return;
      listener.changed({ key, before, after: undefined, at: 1 });
    },
    stateChanged: () => {
      list(listener);
      if (state() === undefined) listener.recovered();
    },
    relisted: () => list(listener),
  });
  return {
    objects,
    current: async () => {
      if (state() === "slow" && objects.size === 0)
        await new Promise<void>((resolve) => waiting.add(resolve));
      const trouble = troubleNow();
      if (trouble !== undefined) throw trouble;
      if (me === undefined) throw new Error("not started");
    },
    trouble: troubleNow,
    start: (listener) => {
      if (me !== undefined) throw new Error("started twice");
      me = starting(listener);
      running.add(me);
      list(listener);
    },
    stop: async () => {
      if (me !== undefined) running.delete(me);
      me = undefined;
      wake();
    },
  };
};

export interface Heard {
  readonly changes: SourceChange[];
  readonly lookAgain: (readonly Provider[])[];
  /** Since the last call, sorted. */
  sources(): string[];
}

export const createHeard = (): Heard => {
  const changes: SourceChange[] = [];
  let told = 0;
  return {
    changes,
    lookAgain: [],
    sources: () => {
      const fresh = changes.slice(told);
      told = changes.length;
      return fresh.map(({ source }) => source).sort();
    },
  };
};

/** Follows the fake cluster; `hands` release what waits to be gathered. */
export const followFake = (
  fake: FakeCluster,
  providers: readonly Provider[],
  more: Partial<FollowingParts> = {},
) => {
  const heard = createHeard();
  const hands: (() => void)[] = [];
  const memory = new Map<string, Reflectors>();
  const listener: Parameters<Follow>[1] = {
    changed: (change) => void heard.changes.push(change),
    lookAgain: (again) => void heard.lookAgain.push(again),
  };
  const following = beginFollowing({ cluster: "test", providers }, listener, {
    reflectorsFor: ({ key }: Circle) => {
      const reflectors = createReflectors(fake.make);
      memory.set(key, reflectors);
      return reflectors;
    },
    wait: (_, signal) =>
      new Promise((resolve, reject) => {
        hands.push(resolve);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    ...more,
  });
  const look = () => following.look(providers, AbortSignal.timeout(10_000));
  /** Lets the time for gathering pass. */
  const gather = async () => {
    for (const release of hands.splice(0)) release();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { following, look, heard, gather, memory };
};
