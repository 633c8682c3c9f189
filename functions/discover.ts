import { setTimeout as sleep } from "node:timers/promises";
import { createAnnouncer } from "../lib/announce/announce.ts";
import { createLook } from "../lib/announce/due.ts";
import { createTrail } from "../lib/announce/trail.ts";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createEventBridgeBus } from "../lib/bus/eventbridge.ts";
import { createDynamoAccepted } from "../lib/config/dynamodb.ts";
import { reachOf } from "../lib/discovery/cloudreach.ts";
import { createPlanReader } from "../lib/discovery/current.ts";
import { createDiscoverer } from "../lib/discovery/mechanisms.ts";
import { readEnvironment } from "../lib/environment.ts";
import { currentCorrelation } from "../lib/invocation.ts";
import { lambda } from "../lib/lambda.ts";
import { createDynamoLeases } from "../lib/lease/dynamodb.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import {
  createDynamoPool,
  createDynamoRebuilds,
  createDynamoReleases,
  createDynamoStatuses,
} from "../lib/pool/dynamodb.ts";
import { rebuiltIndex } from "../lib/pool/rebuild.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = Date.now;
const table = createTable(environment.tableName);
const blobs = createDynamoBlobs(table, clock);
const pool = createDynamoPool(table, { blobs, clock });
const rebuilds = createDynamoRebuilds(table, clock);
const bus = createEventBridgeBus(environment.busName, {
  failed: (entries) => meter.add("EntriesFailed", entries),
});

/** One due cluster is looked at under its lease; only what changed or vanished is announced. */
export const handler = lambda(
  "discover",
  createLook({
    plan: createPlanReader(createDynamoAccepted(table, { blobs, clock })),
    leases: createDynamoLeases(table, { clock }),
    discover: createDiscoverer(reachOf(environment, clock)),
    pool: rebuiltIndex(pool, rebuilds),
    rebuilds,
    repair: pool,
    statuses: createDynamoStatuses(table, log),
    releases: createDynamoReleases(table, clock),
    announce: createAnnouncer({
      bus,
      blobs,
      clock,
      correlationId: currentCorrelation,
      told: createTrail({ log, meter }),
    }),
    bus,
    clock,
    wait: (milliseconds) => sleep(milliseconds),
    log,
    meter,
  }),
  { log, meter },
);
