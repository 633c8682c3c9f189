import assert from "node:assert/strict";
import { createLook } from "../../../lib/announce/due.ts";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import { systemClock } from "../../../lib/clock.ts";
import { answerReload } from "../../../lib/door/reload.ts";
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
import { createRelay } from "../../../lib/relay/relay.ts";
import { batch, changed, envelope } from "../../fakes/events.ts";
import { discoveryDueEvent, relayDueEvent, restRequest } from "../../functions/recorded.ts";
import { behaviour, type Door } from "../door.ts";
import { given, spoilt } from "../handed.ts";
import { provider, reducing } from "./events.ts";

/** What a queue, a rule, a schedule or a REST door hands a function (Lambda Developer Guide), spoilt. */
export const envelopes: Door = {
  name: "envelopes",
  runs: 150,
  open: async () => [
    behaviour("orders a look at the cluster that it names, or is refused", spoilt(looks), holdLook, 0.3),
    behaviour("orders relays of the clusters that it names, or is refused", spoilt(relays), holdRelay, 0.3),
    behaviour("applies every message that a batch has whole, or none", spoilt(batches), holdBatch, 0.2),
    behaviour("is a request that is answered, a schedule, or refused", spoilt(requests), holdRequest, 0.2),
  ],
};

const correlationId = "0d079340-135a-c8c6-95c2-41fb8f496c53";
const looks = [discoveryDueEvent({ schema: 1, cluster: "east", correlationId })];
const relays = [relayDueEvent({ schema: 1, cluster: "east", alongside: ["west", "north"], correlationId })];
const sources = ["a", "b", "c"];
const bodies = sources.map((source, at) => envelope(changed({ source, sequence: at + 1 })));
const batches = [batch(...bodies)];
const requests = [restRequest("-/reload"), { schedule: "tick" }, { schedule: "tick", start: true }];

const detailIn = (event: unknown): Record<string, unknown> => Object(Object(Object(event).detail));

const parts = () => {
  const pool = createMemoryPool(Date.now);
  const log = createLog({ level: "error", write: () => {} });
  return {
    plan: async () => undefined,
    leases: createMemoryLeases(Date.now),
    pool,
    repair: pool,
    rebuilds: createMemoryRebuilds(),
    statuses: createMemoryStatuses(),
    releases: createMemoryReleases(),
    lag: createMemoryLag(Date.now),
    announce: async () => {
      throw new Error("nothing is announced without a configuration");
    },
    bus: createMemoryBus(),
    log,
    meter: silentMeter,
  };
};

const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 0 };

const holdLook = async (event: unknown): Promise<void> => {
  const { leases, ...world } = parts();
  const taken: string[] = [];
  const watched = {
    ...leases,
    take: (request: Parameters<typeof leases.take>[0]) => {
      taken.push(request.cluster);
      return leases.take(request);
    },
  };
  const discover = async () => [];
  const look = createLook({ ...world, leases: watched, discover, clock: Date.now, wait: async () => {} });
  const outcome = await given(look(event, context));
  assert.deepEqual(taken, outcome === undefined ? [] : [detailIn(event).cluster]);
};

const holdRelay = async (event: unknown): Promise<void> => {
  const follow = () => {
    throw new Error("nothing is followed when no time is left");
  };
  const relay = createRelay({
    ...parts(),
    follow,
    clock: systemClock,
    limits: shareLimits(1_000),
    random: () => 0.5,
  });
  const ends = await given(relay(event, context));
  if (ends === undefined) return;
  const { cluster, alongside = [] } = detailIn(event);
  assert.ok(Array.isArray(alongside));
  assert.deepEqual(new Set(Object.keys(ends)), new Set([cluster, ...alongside]));
};

const holdBatch = async (event: unknown): Promise<void> => {
  const { reduce, pool } = reducing();
  const answer = await given(reduce(event));
  const held = await pool.index(provider);
  if (answer === undefined) return assert.equal(held.size, 0);
  const records: unknown[] = Object(event).Records;
  const whole = records.map((record) => bodies.indexOf(Object(record).body)).filter((at) => at !== -1);
  for (const at of whole) assert.ok(held.has(sources[at] ?? ""), `${sources[at]} was not applied`);
};

const holdRequest = async (event: unknown): Promise<void> => {
  let ticks = 0;
  const tick = answerReload({ plan: async () => undefined, clock: Date.now }, async () => {
    ticks += 1;
    return { configuration: { outcome: "accepted" } as const };
  });
  const answer = await given(tick(event));
  if (answer === undefined || !("statusCode" in answer)) return;
  const peer = String(Object(Object(Object(event).requestContext).identity).sourceIp);
  assert.ok(ticks === 0 || /^(?:::ffff:)?127\.|^::1$/i.test(peer), `${peer} may not reload`);
  assert.ok(answer.statusCode === (ticks === 0 ? 403 : 200), String(answer.statusCode));
};
