import * as z from "zod";
import type { Clock } from "../clock.ts";
import { reasonOf } from "../errors.ts";
import { currentCorrelation } from "../invocation.ts";
import type { LambdaContext } from "../lambda.ts";
import { shareOut } from "../lease/share.ts";
import { relayDue, relayDueOf, relayDueSchema } from "../targetgroup/event.ts";
import { createCargo } from "./cargo.ts";
import { type Crew, type FollowEnd, followCluster } from "./followcluster.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { createMemory } from "./memory.ts";
import type { RelayParts } from "./parts.ts";
import { sharedReading } from "./planreading.ts";

export type RelayEnd = FollowEnd | "failed";

/** How each cluster's slice ended. */
export type RelayEnds = Readonly<Record<string, RelayEnd>>;

/**
 * Answers *Relay Due*: follows its clusters for as long as the invocation's time allows, and hands over to the next one through
 * the bus. They share nothing but the process: each has its lease, its loop and its end (ADR 18). Keeps what it knows of a
 * cluster in memory, for a next slice in the same process. Rejects at the end for what failed.
 */
export const createRelay = (parts: RelayParts) => {
  const memory = createMemory((error) =>
    parts.log.warn("memory was not let go", { reason: reasonOf(error) }),
  );
  return async (event: unknown, context: LambdaContext): Promise<RelayEnds> => {
    const { cluster, alongside = [], correlationId: orderedBy } = dueSchema.parse(event).detail;
    const clusters = [...new Set([cluster, ...alongside])];
    const peek = sharedReading(parts.plan, parts.clock);
    const wanted = sharedReading(parts.rebuilds.asked, parts.clock);
    const [beat, cargo] = [createHeartbeat(parts), createCargo(parts.limits)];
    const crew = { beat, cargo, context, memory, orderedBy, parts, peek, wanted };
    return followTogether(clusters, crew);
  };
};

const followTogether = async (clusters: readonly string[], crew: Crew): Promise<RelayEnds> => {
  const { clock } = crew.parts;
  const ends = new Map<string, RelayEnd>();
  const failures: unknown[] = [];
  const startedAt = clock.now();
  let timeIsOver = () => {};
  const firstEnd = new Promise<void>((resolve) => (timeIsOver = resolve));
  const running = clusters.map(async (cluster) => {
    const end = await followCluster(cluster, crew).catch((error: unknown) => {
      failures.push(error);
      return "failed" as const;
    });
    ends.set(cluster, end);
    if (end === "time") timeIsOver();
    if (isAlone(end) && lasted(startedAt, clock)) await handOver([[cluster]], crew.parts);
  });
  const all = Promise.all(running);
  await Promise.race([firstEnd, all]);
  await patiently(all, clock);
  const left = clusters.filter((cluster) => (ends.get(cluster) ?? "time") === "time");
  if (left.length > 0 && hasBegun(ends) && lasted(startedAt, clock))
    await handOver(shareOut(crew.cargo.sizes(left), crew.parts.limits), crew.parts);
  await all;
  if (failures.length > 0) throw failures[0];
  return Object.fromEntries(ends);
};

/** Its successor need not wait for the others. */
const isAlone = (end: RelayEnd) => end === "outgrown" || end === "rebuild";

const hasBegun = (ends: ReadonlyMap<string, RelayEnd>) => [...ends.values()].includes("time");

/** A slice shorter than this leaves its successor to `tick`, so that a failing relay cannot spin (design §1). */
const leastSlice = 60_000;
const lasted = (startedAt: number, clock: Clock) => clock.now() - startedAt >= leastSlice;

/** Milliseconds for the clusters that end later than the first; whose end takes longer is waited for by the successor. */
const patience = 2_000;

const patiently = (all: Promise<unknown>, clock: Clock) =>
  new Promise<void>((resolve) => {
    const callOff = clock.after(patience, resolve);
    void all.finally(() => {
      callOff();
      resolve();
    });
  });

/** `tick` starts a successor within a minute should the bus not take it. */
const handOver = async (shares: readonly string[][], { bus, log }: RelayParts) => {
  try {
    await bus.put(
      shares.map((share) => ({ detailType: relayDue, detail: relayDueOf(share, currentCorrelation()) })),
    );
  } catch (error) {
    log.warn("the successor was not called", { clusters: shares.flat(), reason: reasonOf(error) });
  }
};

const dueSchema = z.object({ "detail-type": z.literal(relayDue), detail: relayDueSchema });
