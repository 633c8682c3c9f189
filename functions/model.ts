import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createDynamoAccepted } from "../lib/config/dynamodb.ts";
import { reachOf } from "../lib/discovery/cloudreach.ts";
import { readEnvironment } from "../lib/environment.ts";
import { streamedLambda } from "../lib/lambda.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import { createDynamoCycles } from "../lib/metrics/cycles/dynamodb.ts";
import { createSettingsReader } from "../lib/metrics/settings.ts";
import { createDynamoStore } from "../lib/metrics/store/dynamodb.ts";
import { createHistoricalOf } from "../lib/model/historical/open.ts";
import { createModel } from "../lib/model/routes.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = Date.now;
const table = createTable(environment.tableName);
const blobs = createDynamoBlobs(table, clock);
const reach = reachOf(environment, clock);

/** HTTP: Heapster's model, export, historical and resource metrics APIs (spec A10). */
export const handler = streamedLambda(
  "model",
  createModel({
    current: createSettingsReader(createDynamoAccepted(table, { blobs, clock })),
    store: createDynamoStore(table, clock),
    cycles: createDynamoCycles(table, blobs),
    historicalOf: createHistoricalOf(reach),
    clock,
    log,
  }),
  { log, meter },
);
