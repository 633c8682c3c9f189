import type { Labels } from "../metrics/batch.ts";
import type { Range } from "./query.ts";
import type { Entity, List } from "./question.ts";
import type { Point } from "./shape.ts";

/** What is asked of several entities at once: one answer each, in their order. */
export interface Wanted {
  readonly entities: readonly Entity[];
  readonly metric: string;
  /** Of a labelled metric: exactly these. */
  readonly labels?: Labels | undefined;
  readonly range: Range;
}

/** Who answers the model's questions about one cluster: the metric sink's store, or a database that remembers longer. */
export interface ModelSource {
  /** Sorted, since upstream's order is that of a hash. */
  list(list: List): Promise<string[]>;
  names(entity: Entity): Promise<string[]>;
  /** Ascending in time. */
  values(wanted: Wanted): Promise<(readonly Point[])[]>;
}
