import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createMemoryDeadLetterCount, createMemoryDeadLetters } from "../../lib/deadletter/memory.ts";
import { createDynamoHistory } from "../../lib/history/dynamodb.ts";
import { createRecorder } from "../../lib/history/record.ts";
import { createRetention } from "../../lib/history/terms.ts";
import { inFlight, runsOf } from "../../lib/inflight.ts";
import { createLog } from "../../lib/log.ts";
import { silentMeter } from "../../lib/meter.ts";
import { createDynamoLag, createDynamoPool } from "../../lib/pool/dynamodb.ts";
import { createReducer } from "../../lib/reduce/batch.ts";
import type { Table } from "../../lib/table/dynamodb.ts";
import type { TargetGroupChanged } from "../../lib/targetgroup/event.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import { envelope } from "../../tests/fakes/events.ts";

/** As serverless.yml has them. */
const batchSize = 10;
const batchesUnderWay = 10;
/** Conditional writes that a reducer has under way at most. */
export const writesUnderWay = batchSize * batchesUnderWay;

/** Brings queue messages into the table as `functions/reduce.ts` does, history included. */
export const createReducing = (table: Table) => {
  const clock = Date.now;
  const blobs = createDynamoBlobs(table, clock);
  const pool = createDynamoPool(table, { blobs, clock });
  const log = createDynamoHistory(table, clock);
  const deadLetters = createMemoryDeadLetters();
  const reduce = createReducer({
    pool,
    apply: createRecorder({ pool, log, blobs, retention: createRetention(log, clock), clock }),
    blobs,
    lag: createDynamoLag(table, clock),
    deadLetters,
    deadLetterCount: createMemoryDeadLetterCount(),
    clock,
    log: createLog({ level: "warn" }),
    meter: silentMeter,
  });
  return async (bodies: readonly string[]): Promise<void> => {
    const again = await inFlight(
      batchesUnderWay,
      runsOf(batchSize, bodies),
      async (run) => (await reduce({ Records: run.map(recordOf) })).batchItemFailures,
    );
    const [letter] = deadLetters.letters;
    if (letter !== undefined) throw new Error(`refused: ${letter.reason}`);
    if (again.flat().length > 0) throw new Error(`${again.flat().length} messages would come again`);
  };
};

const recordOf = (body: string, at: number) => ({
  messageId: String(at),
  body,
  attributes: { SentTimestamp: String(Date.now()) },
});

/** The events of one look, in order. */
export const eventsOf = (
  groups: readonly TargetGroup[],
  { provider, epoch }: { readonly provider: string; readonly epoch: number },
): TargetGroupChanged[] =>
  groups.map((group, at) => ({
    schema: 1,
    provider,
    cluster: "bench",
    jobs: ["pods"],
    change: "updated",
    version: { epoch, sequence: at + 1 },
    hash: contentHash(group),
    observedAt: new Date().toISOString(),
    group: { ...group, targets: [...group.targets] },
  }));

/** An event as EventBridge hands it to the queue now. */
export const bodyOf = (detail: TargetGroupChanged): string =>
  envelope(detail, { time: `${new Date().toISOString().slice(0, 19)}Z` });
