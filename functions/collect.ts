import { setTimeout as sleep } from "node:timers/promises";
import { keptAwake } from "../lib/awake.ts";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createEventBridgeBus } from "../lib/bus/eventbridge.ts";
import { systemClock } from "../lib/clock.ts";
import { createDynamoAccepted } from "../lib/config/dynamodb.ts";
import { reachOf } from "../lib/discovery/cloudreach.ts";
import { createPlanReader } from "../lib/discovery/current.ts";
import { readEnvironment } from "../lib/environment.ts";
import { lambda } from "../lib/lambda.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import { createNodesInPool } from "../lib/metrics/cluster/poolnodes.ts";
import { createCollect } from "../lib/metrics/collect.ts";
import { createDynamoCycles } from "../lib/metrics/cycles/dynamodb.ts";
import { keepHeapSmall } from "../lib/metrics/heap.ts";
import { createOpenCluster } from "../lib/metrics/open.ts";
import { createSettingsReader } from "../lib/metrics/settings.ts";
import { createSinks } from "../lib/metrics/sinks/sinks.ts";
import { createDynamoStore } from "../lib/metrics/store/dynamodb.ts";
import { createDynamoPool } from "../lib/pool/dynamodb.ts";
import { createView } from "../lib/pool/view.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = systemClock;
const { now } = clock;
const table = createTable(environment.tableName);
const blobs = createDynamoBlobs(table, now);
const accepted = createDynamoAccepted(table, { blobs, clock: now });
const reach = reachOf(environment, now);

// Where a function has a process of its own.
if (environment.where === "cloud") keepHeapSmall();

/** Cluster metrics, once per resolution: kubelets are read, their batch is processed and given to the sinks (spec A5). */
export const handler = lambda(
  "collect",
  keptAwake(
    createCollect({
      current: createSettingsReader(accepted),
      cycles: createDynamoCycles(table, blobs),
      openCluster: createOpenCluster({
        ...reach,
        now,
        nodesInPool: createNodesInPool({
          plan: createPlanReader(accepted),
          view: createView(createDynamoPool(table, { blobs, clock: now }), now),
        }),
      }),
      sinksOf: createSinks({
        store: createDynamoStore(table, now),
        bus: createEventBridgeBus(environment.busName),
        http: reach,
      }),
      clock,
      random: Math.random,
      wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
      log,
    }),
  ),
  { log, meter },
);
