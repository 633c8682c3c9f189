import type { ApiServer } from "../../../local/demo/apiserver.ts";
import type { DemoObject, StoredObject } from "../../../local/demo/object.ts";
import { bare, endpointsOf, nodeOf, podOf, serviceOf } from "./objects.ts";

/** A cluster that never rests, until it is told to. */
export interface Churn {
  /** Goes on with so many changes a second; what a busy machine left undone is made up for. */
  resume(perSecond: number): void;
  pause(): void;
  /** What was put on the server or removed from it since it was filled. */
  changes(): number;
}

export interface ChurnOptions {
  readonly server: ApiServer;
  /** In [0, 1): decides what changes, so that a seed repeats the history. */
  readonly random: () => number;
}

/** Fills the server, and then lets things come, go, change, and come back under the same name. */
export const createChurn = ({ server, random }: ChurnOptions): Churn => {
  let [number, made] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  /** Each state of an object has a number of its own, so that an older one cannot be taken for it. */
  const next = () => {
    number += 1;
    return String(number);
  };
  const counted: Changed = {
    objects: (kind) => server.objects(kind),
    apply: (object) => {
      made += 1;
      return server.apply(object);
    },
    remove: (...named) => {
      made += 1;
      return server.remove(...named);
    },
  };
  const moves = movesOn(counted, { random, next });
  for (const name of nodeNames) server.apply(nodeOf(name, next()));
  for (const name of serviceNames) {
    server.apply(serviceOf(name, next()));
    server.apply(endpointsOf(name, next(), 3));
  }
  for (const name of podNames.slice(0, podNames.length / 2)) moves.addPod(name);
  made = 0;
  return {
    resume: (perSecond) => {
      clearInterval(timer);
      const [from, before] = [performance.now(), made];
      const owed = () => ((performance.now() - from) / 1000) * perSecond - (made - before);
      timer = setInterval(() => {
        // Some moves find nothing to change.
        for (let tries = 0; owed() >= 1 && tries < mostAtOnce; tries += 1) moves.any();
      }, 1000 / perSecond);
    },
    pause: () => clearInterval(timer),
    changes: () => made,
  };
};

type Changed = Pick<ApiServer, "objects" | "apply" | "remove">;

const mostAtOnce = 100;

interface Chance {
  readonly random: () => number;
  readonly next: () => string;
}

const movesOn = (server: Changed, { random, next }: Chance) => {
  const one = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const some = (kind: string): StoredObject | undefined => one(server.objects(kind));
  const relabel = (object: StoredObject | undefined) => {
    if (object !== undefined) server.apply(relabelled(object, next()));
  };
  const remove = ({ kind, metadata }: DemoObject) =>
    server.remove(kind, metadata.namespace ?? "", metadata.name);
  const absent = (names: readonly string[], kind: string) => {
    const present = new Set(server.objects(kind).map(({ metadata }) => metadata.name));
    return one(names.filter((name) => !present.has(name)));
  };
  const addPod = (name: string | undefined) => {
    const number = next();
    // One in eight waits for its address, and is no target yet.
    const ip = random() < 1 / 8 ? undefined : `10.1.${Number(number) >> 8}.${Number(number) & 255}`;
    if (name !== undefined) server.apply(podOf(name, { number, ip, node: one(nodeNames) ?? "" }));
  };
  const removePod = () => {
    const pod = some("Pod");
    if (pod !== undefined && server.objects("Pod").length > podNames.length / 3) remove(pod);
  };
  const replacePod = () => {
    const pod = some("Pod");
    if (pod === undefined) return;
    remove(pod);
    addPod(pod.metadata.name);
  };
  /** At most one is away, so that its pods, which are no targets without it, are never most of all. */
  const moveNode = () => {
    const away = absent(nodeNames, "Node");
    const node = some("Node");
    if (away !== undefined) server.apply(nodeOf(away, next()));
    else if (node !== undefined) remove(node);
  };
  const moveService = () => {
    const away = absent(serviceNames, "Service");
    const service = some("Service");
    if (away !== undefined) server.apply(serviceOf(away, next()));
    else if (service !== undefined) remove(service);
  };
  const resize = () => {
    const name = one(serviceNames);
    if (name !== undefined) server.apply(endpointsOf(name, next(), Math.floor(random() * 5)));
  };
  const weighted: readonly (readonly [number, () => void])[] = [
    [30, () => addPod(absent(podNames, "Pod"))],
    [24, removePod],
    [20, () => relabel(some("Pod"))],
    [8, replacePod],
    [4, () => relabel(some("Node"))],
    [4, moveNode],
    [3, () => relabel(some("Service"))],
    [3, moveService],
    [4, resize],
  ];
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  const any = () => {
    let left = random() * total;
    for (const [weight, move] of weighted) {
      left -= weight;
      if (left < 0) return move();
    }
  };
  return { any, addPod };
};

const relabelled = (object: StoredObject, number: string): DemoObject => ({
  ...object,
  metadata: { ...bare(object), labels: { ...object.metadata.labels, number } },
});

const names = (what: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${what}-${index}`);
const podNames = names("pod", 90);
const nodeNames = names("node", 8);
const serviceNames = names("service", 8);
