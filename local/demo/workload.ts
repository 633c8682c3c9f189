import type { ApiServer } from "./apiserver.ts";
import { appMoves, appWishes } from "./appmoves.ts";
import { type Cluster, createCluster, newUid } from "./cluster.ts";
import { jobMoves, jobWishes } from "./jobmoves.ts";
import { manifestsOf } from "./manifests.ts";
import { type Move, pick } from "./move.ts";
import { nodeMoves, nodeReturns, nodeWishes } from "./nodemoves.ts";
import type { DemoObject } from "./object.ts";
import { podMoves, podWishes } from "./podmoves.ts";

/** A small cluster in the API server that goes on changing; every address in it is loopback. */
export interface Workload {
  /** As it stands; who reads it leaves it as it is. */
  readonly cluster: Cluster;
  /** Makes one believable change, with all that follows from it in endpoints and statuses, and says what it was. */
  step(): string;
}

export interface WorkloadOptions {
  /** In [0, 1), as Math.random: the only source of chance. */
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/** Fills the API server with a cluster at rest. */
export const createWorkload = (
  server: Pick<ApiServer, "apply" | "remove">,
  options: WorkloadOptions,
): Workload => {
  const cluster = createCluster(options.random, options.clock);
  const publish = publisher(server, options.random);
  settle(cluster);
  publish(manifestsOf(cluster));
  return {
    cluster,
    step: () => {
      const move = nextMove(cluster);
      move.act();
      publish(manifestsOf(cluster));
      return move.says;
    },
  };
};

export interface Churn {
  stop(): void;
}

/** Steps again and again; does not keep the process alive. */
export const startChurn = (workload: Pick<Workload, "step">, everyMilliseconds: number): Churn => {
  const timer = setInterval(() => workload.step(), everyMilliseconds).unref();
  return { stop: () => clearInterval(timer) };
};

/** What controllers and kubelets would do by themselves. */
const settling = (cluster: Cluster): Move[] => [
  ...podMoves(cluster),
  ...appMoves(cluster),
  ...jobMoves(cluster),
  ...nodeMoves(cluster),
];

const settle = (cluster: Cluster) => {
  for (let moves = 0; moves < mostMoves; moves += 1) {
    const move = settling(cluster)[0];
    if (move === undefined) return;
    move.act();
  }
  throw new Error("the demo workload does not come to rest");
};

const mostMoves = 1000;

/** How often something new begins before the last thing has ended. */
const restlessness = 0.15;

/** Each as likely as its neighbour, so a kind that stands here three times comes three times as often. */
const kindsOfWishes = [appWishes, appWishes, appWishes, jobWishes, jobWishes, nodeWishes, podWishes];

const nextMove = (cluster: Cluster): Move => {
  const moves = settling(cluster);
  const following = moves.length > 0 ? moves : nodeReturns(cluster);
  const wishes = kindsOfWishes.map((kind) => kind(cluster)).filter((some) => some.length > 0);
  const share = moves.length > 0 ? restlessness : 0.5;
  const isNew = following.length === 0 || cluster.random() < share;
  const chosen = isNew ? (pick(cluster.random, wishes) ?? following) : following;
  const move = pick(cluster.random, chosen);
  if (move === undefined) throw new Error("the demo workload knows no further change");
  return move;
};

/** Applies what differs from what was applied last, and removes what is no longer there. */
const publisher = (server: Pick<ApiServer, "apply" | "remove">, random: () => number) => {
  let applied = new Map<string, Applied>();
  return (objects: readonly DemoObject[]) => {
    const wanted = new Map(
      objects.map((object) => [keyOf(object), { json: JSON.stringify(object), object }]),
    );
    for (const [key, { object }] of applied) {
      if (!wanted.has(key)) server.remove(object.kind, object.metadata.namespace ?? "", object.metadata.name);
    }
    for (const [key, { json, object }] of wanted) {
      const known = applied.get(key);
      if (known === undefined) server.apply(identified(object, random));
      else if (known.json !== json) server.apply(object);
    }
    applied = wanted;
  };
};

interface Applied {
  readonly json: string;
  readonly object: DemoObject;
}

/** The server would make up an identifier by itself, and then the same seed would not give the same cluster. */
const identified = (object: DemoObject, random: () => number): DemoObject => ({
  ...object,
  metadata: { ...object.metadata, uid: object.metadata.uid ?? newUid(random) },
});

const keyOf = ({ kind, metadata }: DemoObject) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
