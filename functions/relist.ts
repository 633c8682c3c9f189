import { createClusterApi } from "../lib/adapter/objects/clusterapi.ts";
import { openPrometheus } from "../lib/adapter/prometheus/open.ts";
import { createDynamoRegistries } from "../lib/adapter/registry/dynamodb.ts";
import { createRelist } from "../lib/adapter/relist.ts";
import { createAdaptersReader } from "../lib/adapter/settings.ts";
import { keptAwake } from "../lib/awake.ts";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { systemClock } from "../lib/clock.ts";
import { createDynamoAccepted } from "../lib/config/dynamodb.ts";
import { reachOf } from "../lib/discovery/cloudreach.ts";
import { readEnvironment } from "../lib/environment.ts";
import { lambda } from "../lib/lambda.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = systemClock;
const { now } = clock;
const table = createTable(environment.tableName);
const blobs = createDynamoBlobs(table, now);
const reach = reachOf(environment, now);

/** Which metrics the adapters' Prometheus servers have, looked at anew when it is time (spec B4). */
export const handler = lambda(
  "relist",
  keptAwake(
    createRelist({
      current: createAdaptersReader(createDynamoAccepted(table, { blobs, clock: now })),
      registries: createDynamoRegistries(table, blobs),
      clusterOf: ({ access }) => createClusterApi(access, { ...reach, clock: now }),
      open: (settings) => openPrometheus(settings, { reach, now, log }),
      clock,
      log,
    }),
  ),
  { log, meter },
);
