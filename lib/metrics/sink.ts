import type { DataBatch } from "./batch.ts";

/** Where batches go. */
export interface Sink {
  /** As the settings name it, for errors and counts: `influxdb`, `log`. Two of a kind are numbered. */
  readonly name: string;
  /**
   * Takes one batch and leaves it as it is. Resolves once it is safe; rejects with one line that names the place and tells no
   * secret, and the batch is then lost for this sink only (spec A6: no queue, no other try). Ends when the signal aborts.
   */
  export(batch: DataBatch, signal: AbortSignal): Promise<void>;
}
