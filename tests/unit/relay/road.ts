import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import type { Bus } from "../../../lib/bus/bus.ts";
import type { Clock } from "../../../lib/clock.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import { applyEach } from "../../../lib/pool/apply.ts";
import type { Pool } from "../../../lib/pool/pool.ts";
import { createReducer } from "../../../lib/reduce/batch.ts";
import {
  eventSource,
  type TargetGroupChanged,
  targetGroupChanged,
  targetGroupChangedSchema,
} from "../../../lib/targetgroup/event.ts";
import type { Fate } from "../../fakes/fate.ts";

/**
 * The way from the bus to the pool, through the real reducer: events may come late, in another order, twice or never,
 * as the fates say in turn.
 */
export const createRoad = (pool: Pool, clock: Clock, fates: readonly Fate[]) => {
  const blobs = createMemoryBlobs(clock.now);
  const reduce = createReducer({
    apply: applyEach(pool),
    pool,
    blobs,
    lag: { record: async () => undefined, read: async () => undefined },
    deadLetters: { send: async ({ reason }) => Promise.reject(new Error(reason)) },
    deadLetterCount: { add: async () => undefined },
    clock: clock.now,
    log: createLog({ level: "error", write: () => undefined }),
    meter: silentMeter,
  });
  const sent: TargetGroupChanged[] = [];
  const onTheWay: Message[] = [];
  let turn = 0;
  let smooth = false;
  const next = (): Fate => (smooth ? "at once" : (fates[turn++ % fates.length] ?? "at once"));
  const arrived: Message[] = [];
  const arrive = async (messages: readonly Message[]) => {
    arrived.push(...messages);
    const { batchItemFailures } = await reduce({ Records: messages });
    if (batchItemFailures.length > 0) throw new Error("the reducer failed");
  };
  const bus: Bus = {
    put: async (entries) => {
      const fate = next();
      if (fate === "refused") throw new Error("the bus is away");
      const now: Message[] = [];
      for (const { detail, detailType } of entries) {
        if (detailType !== targetGroupChanged) continue;
        sent.push(targetGroupChangedSchema.parse(detail));
        const message = messageOf(detail, clock.now());
        const own = next();
        if (own === "late" || own === "twice") onTheWay.push(message);
        if (own === "at once" || own === "twice") now.push(message);
      }
      await arrive(now);
      if (fate === "taken, yet refused") throw new Error("the answer got lost");
    },
  };
  /** Late events arrive, in two batches that are applied side by side. */
  const deliver = async (picks: readonly number[]) => {
    const picked = picks.flatMap((pick) =>
      onTheWay.splice(onTheWay.length === 0 ? 0 : pick % onTheWay.length, 1),
    );
    const half = picked.length >> 1;
    await Promise.all([arrive(picked.slice(0, half)), arrive(picked.slice(half))]);
  };
  return {
    bus,
    blobs,
    sent,
    deliver,
    /** From now on everything arrives, at once. */
    smoothen: () => {
      smooth = true;
    },
    late: () => onTheWay.length,
    /** Everything that ever arrived does so once more, in an order of its own. */
    repeat: async (picks: readonly number[]) => {
      onTheWay.push(...arrived.splice(0));
      while (onTheWay.length > 0) await deliver(picks);
    },
  };
};

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly SentTimestamp: string };
}

const messageOf = (detail: object, now: number): Message => ({
  messageId: "m",
  body: JSON.stringify({
    source: eventSource,
    "detail-type": targetGroupChanged,
    time: new Date(now).toISOString(),
    detail,
  }),
  attributes: { SentTimestamp: String(now) },
});
