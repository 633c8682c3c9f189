import * as z from "zod";
import type { Blobs } from "../blob/blob.ts";
import type { DeadLetterCount, DeadLetters } from "../deadletter/deadletter.ts";
import { RefusedError, reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { Applied, Apply, Offer } from "../pool/apply.ts";
import type { ReducerLag } from "../pool/lag.ts";
import type { PoolWriter } from "../pool/pool.ts";
import { fetchGroup } from "./claim.ts";
import { readMessage } from "./message.ts";

export interface ReducerParts {
  readonly apply: Apply;
  readonly pool: Pick<PoolWriter, "bump">;
  readonly blobs: Blobs;
  readonly lag: ReducerLag;
  readonly deadLetters: DeadLetters;
  readonly deadLetterCount: Pick<DeadLetterCount, "add">;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
  readonly meter: Meter;
}

/** The messages that must come again; the others are done. */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Applies a batch of queue messages to the pool. Each stands alone: one that can never be applied goes to the
 * dead letters with its reason and is acknowledged, one that failed in passing comes again, its neighbours are applied
 * (promise 6). Readers are told once per provider, repeats included, since an earlier try may have died before telling.
 */
export const createReducer = (parts: ReducerParts) => {
  const recordLag = throttled(parts);
  return async (event: unknown): Promise<BatchAnswer> => {
    const { Records: records } = batchSchema.parse(event);
    const read = await Promise.all(records.map((record) => readOne(record, parts)));
    const outcomes = await applyAll(read, parts);
    const untold = await tell(outcomes, parts);
    await countRefused(outcomes, parts);
    await recordLag(records);
    const again = outcomes.filter((one) => one.retry || untold.has(one.provider ?? ""));
    return { batchItemFailures: again.map((one) => ({ itemIdentifier: one.messageId })) };
  };
};

const recordSchema = z.object({
  messageId: z.string(),
  body: z.string(),
  attributes: z.object({
    SentTimestamp: z.coerce.number(),
    ApproximateReceiveCount: z.coerce.number().default(1),
  }),
});
type QueueRecord = z.infer<typeof recordSchema>;
const batchSchema = z.object({ Records: z.array(recordSchema) });

interface Outcome {
  readonly messageId: string;
  readonly retry: boolean;
  /** It is a dead letter now. */
  readonly refused?: boolean;
  /** Whose readers are to be told. */
  readonly provider?: string;
}

type Read = Outcome | { readonly record: QueueRecord; readonly offer: Offer };

const readOne = async (record: QueueRecord, parts: ReducerParts): Promise<Read> => {
  try {
    const event = readMessage(record.body, parts.clock());
    return { record, offer: { event, group: await fetchGroup(event, parts.blobs) } };
  } catch (error) {
    return failed(record, error, parts);
  }
};

const applyAll = async (read: readonly Read[], parts: ReducerParts): Promise<Outcome[]> => {
  const waiting = read.filter((one) => "offer" in one);
  const results = await parts.apply(waiting.map(({ offer }) => offer));
  const resultOf = new Map(waiting.map(({ offer }, at) => [offer, results[at]!]));
  const outcomes = read.map(async (one): Promise<Outcome> => {
    if (!("offer" in one)) return one;
    const result = resultOf.get(one.offer)!;
    if (result.status === "rejected") return failed(one.record, result.reason, parts);
    tellOutcome(one.offer, result.value, parts);
    return { messageId: one.record.messageId, retry: false, provider: one.offer.event.provider };
  });
  return Promise.all(outcomes);
};

/** The end of a change's road, by what identifies its event (lib/announce/trail.ts tells of its beginning). */
const tellOutcome = ({ event, group }: Offer, outcome: Applied, { log, meter }: ReducerParts): void => {
  meter.add(outcome === "applied" ? "ChangesApplied" : "ChangesStale", 1);
  const { provider, cluster, change, version, correlationId } = event;
  const identity = { provider, source: group.source, ...version };
  log.trail(outcome, {
    ...identity,
    change,
    cluster,
    ...(correlationId && { correlation_id: correlationId }),
  });
};

const failed = async (record: QueueRecord, error: unknown, parts: ReducerParts): Promise<Outcome> => {
  const isRefused = await refused(record, error, parts);
  return { messageId: record.messageId, retry: !isRefused, refused: isRefused };
};

/** True when the message is now a dead letter; false when it should come again. */
const refused = async (record: QueueRecord, error: unknown, parts: ReducerParts): Promise<boolean> => {
  const reason = reasonOf(error);
  if (!(error instanceof RefusedError)) {
    parts.log.warn("message comes again", { messageId: record.messageId, reason });
    return false;
  }
  try {
    await parts.deadLetters.send({ body: record.body, reason });
  } catch (unsent) {
    parts.log.error("dead letter not sent", { messageId: record.messageId, reason: reasonOf(unsent) });
    return false;
  }
  parts.log.error("message refused", { messageId: record.messageId, reason });
  return true;
};

/** A count that fails is only told: the letters are where they belong, and coming again would make them two. */
const countRefused = async (outcomes: readonly Outcome[], parts: ReducerParts): Promise<void> => {
  const letters = outcomes.filter((one) => one.refused).length;
  parts.meter.add("DeadLetters", letters);
  if (letters === 0) return;
  try {
    await parts.deadLetterCount.add(letters);
  } catch (error) {
    parts.log.warn("dead letters not counted", { letters, reason: reasonOf(error) });
  }
};

/** The providers whose readers could not be told: their messages come again. */
const tell = async (outcomes: readonly Outcome[], parts: ReducerParts): Promise<Set<string>> => {
  const untold = new Set<string>();
  const providers = new Set(outcomes.flatMap((one) => (one.provider === undefined ? [] : [one.provider])));
  await Promise.all(
    [...providers].map(async (provider) => {
      try {
        await parts.pool.bump(provider);
      } catch (error) {
        parts.log.warn("readers not told", { provider, reason: reasonOf(error) });
        untold.add(provider);
      }
    }),
  );
  return untold;
};

/** `tick` asks how far behind the reducer is; writing it at every batch would cost as much as the pool itself. */
const lagEvery = 10_000;

const throttled = ({ lag, clock, log }: ReducerParts) => {
  let recordedAt = Number.NEGATIVE_INFINITY;
  return async (records: readonly QueueRecord[]): Promise<void> => {
    // A message that is tried again after minutes says nothing of how long those wait that come for the first time; with
    // those only that come again, nobody would be looked at, and so nothing come that shows that all is well.
    const first = records.filter(({ attributes }) => attributes.ApproximateReceiveCount === 1);
    if (first.length === 0 || clock() - recordedAt < lagEvery) return;
    recordedAt = clock();
    const newest = Math.max(...first.map(({ attributes }) => attributes.SentTimestamp));
    try {
      await lag.record(Math.max(0, (clock() - newest) / 1000));
    } catch (error) {
      log.warn("lag not recorded", { reason: reasonOf(error) });
    }
  };
};
