import type { Clock } from "../clock.ts";
import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { DataBatch } from "./batch.ts";
import type { Sink } from "./sink.ts";

/** How a sink has been doing, from cycle to cycle. */
export interface SinkState {
  /** Of batches. */
  readonly exported: number;
  readonly dropped: number;
  /** Why the last batch was lost; absent when it arrived. */
  readonly failing?: string;
  /** Milliseconds that the last batch took. */
  readonly took: number;
  /** Milliseconds of all batches, exported or dropped. */
  readonly tookInAll: number;
  /** When the last export ended, Unix milliseconds; 0 before the first. */
  readonly lastAt: number;
}

export type SinkStates = Readonly<Record<string, SinkState>>;

export interface ExportParts {
  readonly sinks: readonly Sink[];
  /** Milliseconds that each sink has. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Gives the batch to all sinks at once (spec A6). Each has its own time; whoever fails or is late has lost this batch, and nobody else is
 * held up by it. What changed since `before` is logged, once. Never rejects.
 */
export const exportBatch = async (
  batch: DataBatch,
  { sinks, timeout, clock, log }: ExportParts,
  before: SinkStates = {},
): Promise<SinkStates> => {
  const states = await Promise.all(
    sinks.map(async (sink): Promise<[string, SinkState]> => {
      const began = clock.now();
      const failing = await offer(sink, batch, { timeout, clock });
      const held = before[sink.name] ?? fresh;
      const lastAt = clock.now();
      const took = lastAt - began;
      const state: SinkState = {
        exported: held.exported + (failing === undefined ? 1 : 0),
        dropped: held.dropped + (failing === undefined ? 0 : 1),
        took,
        tookInAll: held.tookInAll + took,
        lastAt,
        ...(failing !== undefined && { failing }),
      };
      tell(log, { sink: sink.name, cluster: batch.cluster }, { held, state });
      return [sink.name, state];
    }),
  );
  return Object.fromEntries(states);
};

const fresh: SinkState = { exported: 0, dropped: 0, took: 0, tookInAll: 0, lastAt: 0 };

/** Why the batch is lost; undefined when it arrived. A sink that does not heed its signal is not waited for. */
const offer = async (
  sink: Sink,
  batch: DataBatch,
  { timeout, clock }: Pick<ExportParts, "timeout" | "clock">,
): Promise<string | undefined> => {
  const late = new AbortController();
  let callOff = () => {};
  const limit = new Promise<never>((_, reject) => {
    callOff = clock.after(timeout, () => {
      const error = new Error(`not done after ${timeout} ms`);
      reject(error);
      late.abort(error);
    });
  });
  try {
    await Promise.race([sink.export(batch, late.signal), limit]);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    callOff();
  }
};

const tell = (
  log: Log,
  who: { readonly sink: string; readonly cluster: string },
  { held, state }: { readonly held: SinkState; readonly state: SinkState },
): void => {
  if (state.failing !== undefined && held.failing === undefined)
    log.error("a metrics sink fails; its batches are lost until it is back", {
      ...who,
      reason: state.failing,
    });
  if (state.failing === undefined && held.failing !== undefined)
    log.info("a metrics sink is back", { ...who, dropped: state.dropped });
};
