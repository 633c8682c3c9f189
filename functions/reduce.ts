import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createDynamoDeadLetterCount } from "../lib/deadletter/dynamodb.ts";
import { createDeadLetters } from "../lib/deadletter/sqs.ts";
import { readEnvironment } from "../lib/environment.ts";
import { createDynamoHistory } from "../lib/history/dynamodb.ts";
import { createRecorder } from "../lib/history/record.ts";
import { createRetention } from "../lib/history/terms.ts";
import { lambda } from "../lib/lambda.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import { createDynamoLag, createDynamoPool } from "../lib/pool/dynamodb.ts";
import { createReducer } from "../lib/reduce/batch.ts";
import { createTable } from "../lib/table/dynamodb.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const table = createTable(environment.tableName);
const clock = Date.now;
const blobs = createDynamoBlobs(table, clock);
const pool = createDynamoPool(table, { blobs, clock });
const history = createDynamoHistory(table, clock);

/** A batch of target-group events from the queue becomes at most one change each in the pool (promises 1, 2, 6). */
export const handler = lambda(
  "reduce",
  createReducer({
    pool,
    apply: createRecorder({ pool, log: history, blobs, retention: createRetention(history, clock), clock }),
    blobs,
    lag: createDynamoLag(table, clock),
    deadLetters: createDeadLetters(environment.deadLetterUrl),
    deadLetterCount: createDynamoDeadLetterCount(table),
    clock,
    log,
    meter,
  }),
  { log, meter },
);
