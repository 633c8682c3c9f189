import * as z from "zod";
import type { Clock } from "../../lib/clock.ts";
import type { Delivery, Queue } from "./queue.ts";
import { toRecord } from "./record.ts";

/** A queue that feeds a function: Lambda's event source mapping. Times are milliseconds. */
export interface EventSource {
  /** Takes no further messages and waits for the batches under way. */
  close(): Promise<void>;
}

export interface EventSourceOptions {
  readonly queue: Queue;
  readonly batchSize: number;
  /** How long to gather a batch that is not full. */
  readonly window: number;
  readonly maximumConcurrency: number;
  /** `functionResponseType: ReportBatchItemFailures`. */
  readonly partialFailures: boolean;
  readonly clock: Clock;
  /** Runs the function; a rejection fails the whole batch, and has been reported by whoever runs functions. */
  readonly invoke: (event: unknown) => Promise<unknown>;
}

/**
 * Deletes what the function has done and leaves the rest to the queue's visibility timeout. While a flood comes in, one batch at a
 * time is worked on, with pauses: here all functions share one thread, and whoever sends is to be done first.
 */
export const startEventSource = (options: EventSourceOptions): EventSource => {
  const { queue, clock, maximumConcurrency } = options;
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = async () => {
    while (!closing.signal.aborted) {
      while (running.size >= (queue.isFlooded() ? 1 : maximumConcurrency)) await Promise.race(running);
      await queue.wait(longPoll, closing.signal);
      // Whatever is put on the queue in one go makes one batch.
      await new Promise(setImmediate);
      const batch = closing.signal.aborted ? [] : await gather(options, closing.signal);
      if (batch.length === 0) continue;
      const run: Promise<void> = runBatch(options, batch)
        .then(() => (queue.isFlooded() ? pause(clock, closing.signal) : undefined))
        .finally(() => running.delete(run));
      running.add(run);
    }
    await Promise.all(running);
  };
  const ended = loop();
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };

  async function gather({ batchSize, window }: EventSourceOptions, stop: AbortSignal): Promise<Delivery[]> {
    const batch = queue.receive({ most: batchSize, mostBytes: longestBatch });
    const until = clock.now() + window;
    while (batch.length > 0 && batch.length < batchSize && clock.now() < until && !stop.aborted) {
      await queue.wait(until - clock.now(), stop);
      batch.push(
        ...queue.receive({ most: batchSize - batch.length, mostBytes: longestBatch - bytesOf(batch) }),
      );
    }
    return batch;
  }
};

const longPoll = 20_000;

/** So that at least some hundred messages a second are worked on, however long the flood. */
const betweenBatches = 50;

const pause = (clock: Clock, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      callOff();
      stop.removeEventListener("abort", end);
      resolve();
    };
    const callOff = clock.after(betweenBatches, end);
    stop.addEventListener("abort", end);
  });

/** Lambda's limit of an invocation's payload, with room for what records add. */
const longestBatch = 5 * 1024 * 1024;

const bytesOf = (batch: readonly Delivery[]) =>
  batch.reduce((sum, { message }) => sum + Buffer.byteLength(message.body), 0);

const runBatch = async (
  { queue, partialFailures, invoke }: EventSourceOptions,
  batch: readonly Delivery[],
) => {
  const failed = await invoke({
    Records: batch.map((delivery) => toRecord(delivery, queue.definition)),
  }).then(
    (answer) => (partialFailures ? failuresIn(answer, batch) : new Set<string>()),
    () => idsOf(batch),
  );
  for (const { message, receipt } of batch) if (!failed.has(message.id)) queue.remove(receipt);
};

const idsOf = (batch: readonly Delivery[]) => new Set(batch.map(({ message }) => message.id));

const answerSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** No answer or an empty list means success; an answer that makes no sense fails the whole batch, as Lambda has it. */
const failuresIn = (answer: unknown, batch: readonly Delivery[]): ReadonlySet<string> => {
  if (answer === undefined || answer === null || answer === "") return new Set();
  const all = idsOf(batch);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return all;
  const failed = new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => all.has(id)) ? failed : all;
};
