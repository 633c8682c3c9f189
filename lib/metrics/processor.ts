import type { DataBatch } from "./batch.ts";

/** One step between the sources and the sinks; they run in a fixed order (spec A4). */
export interface Processor {
  /** For errors and durations. */
  readonly name: string;
  /** Changes the batch in place. Throws what makes the whole batch worthless: the cycle ends without an export. */
  process(batch: DataBatch): void;
}
