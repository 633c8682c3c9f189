import { balancerMost, createAdapt } from "../lib/adapter/adapt.ts";
import { createHosting } from "../lib/adapter/hosted.ts";
import { createAdapters } from "../lib/adapter/open.ts";
import { createDynamoRegistries } from "../lib/adapter/registry/dynamodb.ts";
import { createAdaptersReader } from "../lib/adapter/settings.ts";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createDynamoAccepted } from "../lib/config/dynamodb.ts";
import { reachOf } from "../lib/discovery/cloudreach.ts";
import { readEnvironment } from "../lib/environment.ts";
import { lambda } from "../lib/lambda.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import { createDynamoStore } from "../lib/metrics/store/dynamodb.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = Date.now;
const table = createTable(environment.tableName);
const blobs = createDynamoBlobs(table, clock);
const inCloud = environment.where === "cloud";
const reach = reachOf(environment, clock);

/** HTTPS, behind a load balancer or the local listener: the Kubernetes metrics APIs (spec B6 to B9). */
export const handler = lambda(
  "adapt",
  createAdapt({
    adapters: createAdapters({
      current: createAdaptersReader(createDynamoAccepted(table, { blobs, clock })),
      registries: createDynamoRegistries(table, blobs),
      store: createDynamoStore(table, clock),
      reach,
      now: clock,
      log,
    }),
    hosted: createHosting({ reach, allowsAnonymous: !inCloud, clock, log }),
    most: inCloud ? balancerMost : undefined,
    log,
  }),
  { log, meter },
);
