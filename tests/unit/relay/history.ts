import assert from "node:assert/strict";
import { createAnnouncer } from "../../../lib/announce/announce.ts";
import type { Follow } from "../../../lib/discovery/follower.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { nextEpoch } from "../../../lib/lease/epoch.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { shareLimits } from "../../../lib/lease/share.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import {
  createMemoryPool,
  createMemoryRebuilds,
  createMemoryReleases,
  createMemoryStatuses,
} from "../../../lib/pool/memory.ts";
import type { Held, Pool } from "../../../lib/pool/pool.ts";
import { rebuiltIndex } from "../../../lib/pool/rebuild.ts";
import { createView } from "../../../lib/pool/view.ts";
import type { RelayParts } from "../../../lib/relay/parts.ts";
import { createRelay } from "../../../lib/relay/relay.ts";
import { isLater, relayDueOf } from "../../../lib/targetgroup/event.ts";
import type { Fate } from "../../fakes/fate.ts";
import { createTurnedClock, settle } from "../local/turnedclock.ts";
import { createProcess, type Process } from "./process.ts";
import { createRoad } from "./road.ts";
import { createScriptedFollow } from "./scripted.ts";
import { one, planOf } from "./world.ts";

export type Step =
  | {
      readonly do: "change";
      readonly source: string;
      readonly gone: boolean;
      readonly told: boolean;
      /** Of which cluster, counted from 0; of the first unless there is one. */
      readonly of: number;
    }
  | { readonly do: "pass"; readonly milliseconds: number }
  | { readonly do: "deliver"; readonly picks: readonly number[] }
  | { readonly do: "look" | "read" | "rebuild" | "start" | "restart" | "end" | "stand" | "go on" }
  | { readonly do: "die"; readonly after: number };

/** Clusters with a provider each, their relays that come, go and compete, the road to the pool, and a reader with a warm view. */
export const createHistory = (fates: readonly Fate[], providers: readonly Provider[] = [one]) => {
  const clock = createTurnedClock();
  const pool = watched(createMemoryPool(clock.now), providers);
  const road = createRoad(pool, clock, fates);
  const view = createView(pool, clock.now);
  const cluster = createScriptedFollow(clock.now);
  const rebuilds = createMemoryRebuilds();
  const shared = {
    pool,
    leases: createMemoryLeases(clock.now),
    statuses: createMemoryStatuses(),
    releases: createMemoryReleases(),
    rebuilds,
    ...road,
  };
  let relays: Relay[] = [];
  let state = 0;
  const start = () => {
    const process = createProcess();
    const relay = createRelay(partsOf(process, { ...shared, clock, providers, follow: cluster.follow }));
    const running: Relay = { process, relay, until: 0, busy: false };
    relays.push(running);
    invoke(running);
  };
  const invoke = (running: Relay) => {
    Object.assign(running, { until: clock.now() + 900_000, busy: true });
    const context = { awsRequestId: "r", getRemainingTimeInMillis: () => running.until - clock.now() };
    const due = { "detail-type": "Relay Due", detail: relayDueOf(providers.map((one) => one.cluster)) };
    const over = () => {
      running.busy = false;
    };
    void running.relay(due, context).then(over, over);
  };
  const askAll = async () => {
    for (const { id, cluster: name } of providers)
      await rebuilds.ask(id, nextEpoch((await shared.leases.last(name))?.epoch, clock.now()));
  };
  const alive = () => relays.filter(({ process }) => !process.isDead());
  const take = async (step: Step): Promise<void> => {
    const [first, last] = [alive().at(0), alive().at(-1)];
    if (step.do === "change") {
      const provider = providers[step.of % providers.length]!;
      if (step.gone) cluster.drop(provider, step.source);
      else cluster.put(provider, step.source, `${++state}`);
      if (step.told) cluster.told(provider, step.source);
    }
    if (step.do === "pass") await clock.turn(step.milliseconds);
    if (step.do === "deliver") await road.deliver(step.picks);
    if (step.do === "look") cluster.lookAgain(...providers);
    if (step.do === "read") await Promise.all(providers.map(({ id }) => view.groups(id)));
    if (step.do === "rebuild") await askAll();
    if (step.do === "start" && alive().length < 3) start();
    if (step.do === "restart" && last && !last.busy) invoke(last);
    if (step.do === "end" && last) last.until = clock.now();
    if (step.do === "stand") first?.process.stand();
    if (step.do === "go on") first?.process.goOn();
    if (step.do === "die") last?.process.dieAfter(step.after);
    await settle();
    pool.assertForward();
  };
  const killAll = () => {
    for (const { process } of relays) process.die();
    relays = [];
  };
  /** The groups of each provider. */
  const truth = async () => {
    const outcomes = await cluster.follow({ cluster: "c", providers: [] }, deaf).look(providers, quiet);
    return outcomes.map((outcome) => ("look" in outcome ? sortedBySource(outcome.look.groups) : []));
  };
  const held = () =>
    Promise.all(
      providers.map(async ({ id }) => sortedBySource((await pool.all(id)).map(({ group }) => group!))),
    );
  const seen = () =>
    Promise.all(providers.map(async ({ id }) => (await view.groups(id)).sorted().map(({ group }) => group)));
  return { clock, road, take, start, killAll, truth, held, seen, sent: road.sent };
};

interface Relay {
  readonly process: Process;
  readonly relay: ReturnType<typeof createRelay>;
  until: number;
  busy: boolean;
}

type Ports = { readonly pool: Pool } & Pick<
  RelayParts,
  "rebuilds" | "leases" | "statuses" | "releases" | "bus" | "clock" | "follow"
> &
  Pick<ReturnType<typeof createRoad>, "blobs"> & { readonly providers: readonly Provider[] };

/** Every port as this process has it. */
const partsOf = ({ step, clockOf }: Process, ports: Ports): RelayParts => {
  const { leases, statuses } = ports;
  const clock = clockOf(ports.clock);
  const bus = { put: step(ports.bus.put) };
  const blobs = { ...ports.blobs, put: step(ports.blobs.put) };
  return {
    pool: { index: step(rebuiltIndex(ports.pool, ports.rebuilds).index) },
    leases: {
      ...leases,
      take: step(leases.take),
      renew: step(leases.renew),
      giveBack: step(leases.giveBack),
    },
    statuses: {
      list: step(statuses.list),
      put: step(statuses.put),
      remove: step(statuses.remove),
    },
    releases: { ...ports.releases, released: step(ports.releases.released) },
    lag: { read: step(async () => undefined) },
    plan: step(async () => planOf([...ports.providers])),
    follow: stepped(ports.follow, step),
    announce: createAnnouncer({ bus, blobs, clock: clock.now }),
    bus,
    rebuilds: { asked: step(ports.rebuilds.asked) },
    repair: ports.pool,
    limits: shareLimits(20_000),
    clock,
    random: () => 0.5,
    log: createLog({ level: "error", write: () => undefined }),
    meter: silentMeter,
  };
};

const stepped =
  (follow: Follow, step: Process["step"]): Follow =>
  (followed, listener) => {
    const following = follow(followed, listener);
    return { ...following, look: step(following.look), end: step(following.end) };
  };

/** A pool that remembers: of every source its version only grows, and one version has one content. */
const watched = (pool: Pool, providers: readonly Provider[]) => {
  const seen = new Map<string, ReadonlyMap<string, Held>>();
  const check = async ({ id }: Provider) => {
    const after = await pool.index(id);
    for (const [source, held] of seen.get(id) ?? []) {
      const now = after.get(source);
      assert.ok(now !== undefined, `${source} was forgotten`);
      assert.ok(!isLater(held.version, now.version), `${source} went back`);
      if (!isLater(now.version, held.version)) assert.deepEqual(now, held);
    }
    seen.set(id, after);
  };
  const checks: Promise<void>[] = [];
  return {
    ...pool,
    offer: async (...given: Parameters<Pool["offer"]>) => {
      const answer = await pool.offer(...given);
      checks.push(...providers.map(check));
      return answer;
    },
    assertForward: () => Promise.all(checks.splice(0)),
  };
};

const deaf = { changed: () => {}, lookAgain: () => {} };
const quiet = new AbortController().signal;

const sortedBySource = <Group extends { readonly source: string }>(groups: readonly Group[]): Group[] =>
  [...groups].sort((a, b) => (a.source < b.source ? -1 : 1));
