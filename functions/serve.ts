import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createDynamoAccepted, createDynamoReloads } from "../lib/config/dynamodb.ts";
import { createDynamoDeadLetterCount } from "../lib/deadletter/dynamodb.ts";
import { createPlanReader } from "../lib/discovery/current.ts";
import { readEnvironment } from "../lib/environment.ts";
import { createDynamoHistory } from "../lib/history/dynamodb.ts";
import { createHistory } from "../lib/history/history.ts";
import { createLists } from "../lib/httpsd/list.ts";
import { shared } from "../lib/inflight.ts";
import { streamedLambda } from "../lib/lambda.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import { createDynamoCycles } from "../lib/metrics/cycles/dynamodb.ts";
import { createDynamoLag, createDynamoPool, createDynamoStatuses } from "../lib/pool/dynamodb.ts";
import { createView } from "../lib/pool/view.ts";
import { createDynamoReaderMarks } from "../lib/readers/dynamodb.ts";
import { createReaderRecorder } from "../lib/readers/recorder.ts";
import { readPage } from "../lib/serve/page.ts";
import { createPolling } from "../lib/serve/polling.ts";
import { createServe } from "../lib/serve/routes.ts";
import { createTable } from "../lib/table/dynamodb.ts";
import { readingTogether } from "../lib/table/together.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = Date.now;
const table = readingTogether(createTable(environment.tableName));
const blobs = createDynamoBlobs(table, clock);
const longest = environment.longPollSeconds * 1000;
const pool = createDynamoPool(table, { blobs, clock });
const statuses = createDynamoStatuses(table, log);
const marks = createDynamoReaderMarks(table, { clock });

/** HTTP: target lists for scrapers, and how it goes for people. */
export const handler = streamedLambda(
  "serve",
  createServe({
    plan: shared(createPlanReader(createDynamoAccepted(table, { blobs, clock }))),
    statuses: { ...statuses, list: shared(statuses.list) },
    deadLetterCount: createDynamoDeadLetterCount(table),
    lag: createDynamoLag(table, clock),
    reloads: createDynamoReloads(table),
    cycles: createDynamoCycles(table, blobs),
    lists: createLists(createView(pool, clock)),
    history: createHistory({ log: createDynamoHistory(table, clock), pool, blobs, clock }),
    blobs,
    readers: { marks, recorder: createReaderRecorder({ marks, clock, log }) },
    // The same place beside the source and in the package.
    page: readPage(join(import.meta.dirname, "../page/out")),
    polling: createPolling({ longest, most: 500, pause: () => pause(250), clock }),
    doorSpeed: environment.doorBytesPerSecond,
    meter,
    clock,
  }),
  { log, meter },
);
