import { createAnnouncer } from "../../../lib/announce/announce.ts";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import type { Bus, BusEntry } from "../../../lib/bus/bus.ts";
import { noSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { shareLimits } from "../../../lib/lease/share.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import {
  createMemoryLag,
  createMemoryPool,
  createMemoryRebuilds,
  createMemoryReleases,
  createMemoryStatuses,
} from "../../../lib/pool/memory.ts";
import { rebuiltIndex } from "../../../lib/pool/rebuild.ts";
import type { RelayParts } from "../../../lib/relay/parts.ts";
import { createRelay, type RelayEnds } from "../../../lib/relay/relay.ts";
import {
  relayDueOf,
  type TargetGroupChanged,
  targetGroupChanged,
  targetGroupChangedSchema,
} from "../../../lib/targetgroup/event.ts";
import { provider } from "../../fakes/providers.ts";
import { createTurnedClock, settle } from "../local/turnedclock.ts";
import { createScriptedFollow } from "./scripted.ts";

export const one = provider({ id: "http/000000000001", cluster: "c", follow: "relay" });
export const two = provider({ id: "http/000000000002", cluster: "c", follow: "relay" });

export const planOf = (providers: Provider[], hash = "h1"): Plan => ({
  hash,
  providers,
  warnings: [],
  settings: noSettings,
  configuration: { jobs: [] },
});

/**
 * A cluster that is followed by script, a clock that the test turns, and a bus that applies what it is given to the pool
 * at once: unless it refuses it, loses it, holds it back for `deliver`, or keeps whoever puts it waiting until `free`.
 */
export const createWorld = ({ providers = [one], minutes = 15 } = {}) => {
  const clock = createTurnedClock();
  const pool = createMemoryPool(clock.now);
  const leases = createMemoryLeases(clock.now);
  const statuses = createMemoryStatuses();
  const releases = createMemoryReleases();
  const rebuilds = createMemoryRebuilds();
  const lag = createMemoryLag(clock.now);
  const follow = createScriptedFollow(clock.now);
  const world = { plan: planOf(providers) as Plan | undefined, mode: "applying" as BusMode };
  const puts: { at: number; entries: readonly BusEntry[] }[] = [];
  const held: TargetGroupChanged[] = [];
  let waiting: (() => void)[] = [];
  const bus: Bus = {
    put: async (entries) => {
      if (world.mode === "refusing") throw new Error("the bus is away");
      puts.push({ at: clock.now(), entries });
      const { mode } = world;
      if (mode === "waiting") await new Promise<void>((resolve) => waiting.push(resolve));
      if (mode === "losing") return;
      for (const event of eventsIn(entries)) {
        if (mode === "holding") held.push(event);
        else await pool.offer(event, event.group!);
      }
    },
  };
  const lines: Record<string, unknown>[] = [];
  const parts: RelayParts = {
    follow: follow.follow,
    plan: async () => world.plan,
    leases,
    statuses,
    releases,
    lag,
    pool: rebuiltIndex(pool, rebuilds),
    bus,
    announce: createAnnouncer({ bus, blobs: createMemoryBlobs(clock.now), clock: clock.now }),
    rebuilds,
    repair: pool,
    limits: shareLimits(20_000),
    clock,
    random: () => 0.5,
    log: createLog({ level: "info", write: (line) => lines.push(JSON.parse(line)) }),
    meter: silentMeter,
  };
  const start = (over: Partial<RelayParts> = {}) => startRelay({ ...parts, ...over }, clock.now, minutes);
  const extras = {
    clock,
    pool,
    leases,
    statuses,
    releases,
    rebuilds,
    lag,
    follow,
    parts,
    start,
    lines,
    /** What was put on the bus, as `update a`, `removed b`; what was read before is left out. */
    news: () => puts.splice(0).flatMap(({ entries }) => eventsIn(entries).map(named)),
    puts,
    deliver: async () => {
      for (const event of held.splice(0)) await pool.offer(event, event.group!);
    },
    free: () => {
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    sources: async ({ id }: Provider = one) => (await pool.all(id)).map(({ source }) => source).sort(),
    record: async ({ id }: Provider = one) =>
      (await statuses.list()).find((status) => status.provider === id),
    said: (message: string) => lines.filter((line) => line.message === message),
  };
  return Object.assign(world, extras);
};

export type World = ReturnType<typeof createWorld>;
export type BusMode = "applying" | "refusing" | "losing" | "holding" | "waiting";

/** A relay in a process of its own; `run` is one invocation of so many minutes. */
const startRelay = (parts: RelayParts, now: () => number, minutes: number) => {
  const relay = createRelay(parts);
  const run = (length = minutes, request = "r1", clusters = ["c"]) => {
    const until = now() + length * 60_000;
    const running = { end: undefined as string | undefined, ends: {} as RelayEnds, until };
    const context = { awsRequestId: request, getRemainingTimeInMillis: () => running.until - now() };
    const due = { "detail-type": "Relay Due", detail: relayDueOf(clusters, "tick-1") };
    const answer = relay(due, context).then(
      (ends) => Object.assign(running, { end: ends[clusters[0]!], ends }),
      (error: unknown) => (running.end = String(error)),
    );
    return Object.assign(running, { answer });
  };
  return { run };
};

/** A world whose relay has made its first check. */
export const relaying = async (
  options: { providers?: Provider[]; minutes?: number; sources?: Record<string, string> } = {},
) => {
  const world = createWorld(options);
  for (const [source, address] of Object.entries(options.sources ?? {}))
    world.follow.put(one, source, address);
  const relay = world.start();
  const running = relay.run();
  await settle();
  world.news();
  return Object.assign(world, { relay, running });
};

const eventsIn = (entries: readonly BusEntry[]) =>
  entries
    .filter(({ detailType }) => detailType === targetGroupChanged)
    .map(({ detail }) => targetGroupChangedSchema.parse(detail));

const named = (event: TargetGroupChanged) => `${event.change} ${event.group!.source}`;
