/**
 * One cycle's metrics of one cluster (spec A3, Heapster's `metrics/core/types.go`). Whoever makes a batch owns it: processors change it in
 * place, one after the other; sinks only read it.
 */
export interface DataBatch {
  /** Whose metrics these are: the cluster's name in the settings, else its API server. */
  readonly cluster: string;
  /** End of the window, Unix milliseconds; a multiple of the resolution, whatever the kubelets' own clocks say. */
  readonly timestamp: number;
  /** By entity key (`key.ts`). */
  readonly sets: Map<string, MetricSet>;
}

/** What is known of one entity. Times are Unix nanoseconds; `noTime` stands for Go's zero time. */
export interface MetricSet {
  /** When its counters began at zero: equal in two batches means that a difference between them is one. */
  collectionStart: bigint;
  /** When the entity itself began; pods and their containers have it from the API server. */
  entityCreated: bigint;
  /** When the kubelet measured. */
  scraped: bigint;
  /** By metric name (`catalogue.ts`). */
  readonly values: Map<string, MetricValue>;
  /** By label name (`labels.ts`). */
  readonly labels: Labels;
  /** What one entity has several of: filesystems, disks, accelerators. */
  readonly labeled: LabeledMetric[];
}

export type Labels = Record<string, string>;

export const metricTypes = ["gauge", "cumulative", "delta"] as const;
export type MetricType = (typeof metricTypes)[number];

/** A bigint is an int64 in Heapster's words, a number a double: `cpu/usage` outgrows 53 bits after 104 CPU-days. */
export interface MetricValue {
  readonly type: MetricType;
  readonly value: bigint | number;
}

export interface LabeledMetric extends MetricValue {
  readonly name: string;
  /** Its own, beside those of its set. */
  readonly labels: Readonly<Labels>;
}

export const noTime = 0n;

/** A set without values or times. */
export const emptySet = (labels: Labels): MetricSet => ({
  collectionStart: noTime,
  entityCreated: noTime,
  scraped: noTime,
  values: new Map(),
  labels,
  labeled: [],
});

export const gauge = (value: bigint | number): MetricValue => ({ type: "gauge", value });
export const cumulative = (value: bigint | number): MetricValue => ({ type: "cumulative", value });

export const valueTypeOf = ({ value }: MetricValue): "int64" | "double" =>
  typeof value === "bigint" ? "int64" : "double";
