import { createAnnouncer } from "../lib/announce/announce.ts";
import { createTrail } from "../lib/announce/trail.ts";
import { keptAwake } from "../lib/awake.ts";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createEventBridgeBus } from "../lib/bus/eventbridge.ts";
import { systemClock } from "../lib/clock.ts";
import { createDynamoAccepted } from "../lib/config/dynamodb.ts";
import { reachOf } from "../lib/discovery/cloudreach.ts";
import { createPlanReader } from "../lib/discovery/current.ts";
import { createFollow } from "../lib/discovery/followers.ts";
import { createWatchCounts } from "../lib/discovery/watchcounts.ts";
import { readEnvironment } from "../lib/environment.ts";
import { currentCorrelation } from "../lib/invocation.ts";
import { lambda } from "../lib/lambda.ts";
import { createDynamoLeases } from "../lib/lease/dynamodb.ts";
import { shareLimits } from "../lib/lease/share.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import {
  createDynamoLag,
  createDynamoPool,
  createDynamoRebuilds,
  createDynamoReleases,
  createDynamoStatuses,
} from "../lib/pool/dynamodb.ts";
import { rebuiltIndex } from "../lib/pool/rebuild.ts";
import { createRelay } from "../lib/relay/relay.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = systemClock;
const { now } = clock;
const table = createTable(environment.tableName);
const blobs = createDynamoBlobs(table, now);
const reach = reachOf(environment, now);
const counts = createWatchCounts();
const pool = createDynamoPool(table, { blobs, clock: now });
const rebuilds = createDynamoRebuilds(table, now);
const bus = createEventBridgeBus(environment.busName, {
  failed: (entries) => meter.add("EntriesFailed", entries),
});

/** One cluster is followed under its lease for a slice of time; each change goes out within a second (design §1). */
export const handler = lambda(
  "relay",
  keptAwake(
    createRelay({
      plan: createPlanReader(createDynamoAccepted(table, { blobs, clock: now })),
      leases: createDynamoLeases(table, { clock: now }),
      follow: createFollow({ clock, counts, reach }),
      counts,
      pool: rebuiltIndex(pool, rebuilds),
      rebuilds,
      repair: pool,
      statuses: createDynamoStatuses(table, log),
      releases: createDynamoReleases(table, now),
      lag: createDynamoLag(table, now),
      limits: shareLimits(environment.relayTargets),
      announce: createAnnouncer({
        bus,
        blobs,
        clock: now,
        correlationId: currentCorrelation,
        told: createTrail({ log, meter }),
      }),
      bus,
      clock,
      random: Math.random,
      log,
      meter,
    }),
  ),
  { log, meter },
);
