import {
  cumulative,
  type DataBatch,
  emptySet,
  gauge,
  type LabeledMetric,
  type Labels,
  type MetricSet,
} from "../../../lib/metrics/batch.ts";
import type { MetricsNode } from "../../../lib/metrics/cluster/node.ts";
import type { MetricsPod, PodContainer } from "../../../lib/metrics/cluster/pod.ts";
import { nanoseconds } from "../../../lib/metrics/time.ts";
import { openPacked } from "../../../lib/metrics/unpack.ts";

export const minute = 60_000;
export const start = Date.UTC(2026, 0, 1);

/** Plain numbers are int64 gauges, a text a double gauge, a list of one a counter. */
type Written = Readonly<Record<string, number | bigint | string | readonly [number | bigint]>>;

export interface WrittenSet {
  readonly labels?: Labels;
  readonly values?: Written;
  readonly labeled?: readonly LabeledMetric[];
  /** Milliseconds. */
  readonly scraped?: number;
  readonly began?: number;
}

export const setOf = ({
  labels = {},
  values = {},
  labeled = [],
  scraped = 0,
  began = 0,
}: WrittenSet): MetricSet => ({
  ...emptySet({ ...labels }),
  scraped: nanoseconds(scraped),
  collectionStart: nanoseconds(began),
  values: new Map(Object.entries(values).map(([name, value]) => [name, valueFrom(value)])),
  labeled: [...labeled],
});

const valueFrom = (value: Written[string]) => {
  if (typeof value === "string") return gauge(Number(value));
  return typeof value === "object" ? cumulative(BigInt(value[0])) : gauge(BigInt(value));
};

export const batchOf = (sets: Readonly<Record<string, WrittenSet>>, timestamp = start): DataBatch => ({
  cluster: "prod-eu",
  timestamp,
  sets: new Map(Object.entries(sets).map(([key, set]) => [key, setOf(set)])),
});

/** The values of a set, to compare: bigints for int64, numbers for doubles. */
export const valuesOf = (batch: DataBatch, key: string): Record<string, bigint | number> =>
  Object.fromEntries([...(batch.sets.get(key)?.values ?? [])].map(([name, { value }]) => [name, value]));

const metaOf = (name: string, namespace: string, labels: Labels = {}) => ({
  name,
  namespace,
  uid: `uid-${name}`,
  resourceVersion: "1",
  labels,
  annotations: {},
  controller: undefined,
});

export const podOf = (
  name: string,
  containers: readonly PodContainer[],
  { labels = {}, restarts = {} }: { labels?: Labels; restarts?: Record<string, number> } = {},
): MetricsPod => ({
  meta: metaOf(name, "shop", labels),
  nodeName: "node-1",
  started: nanoseconds(start),
  containers,
  restarts: new Map(Object.entries(restarts)),
});

export const containerOf = (
  name: string,
  requests: Record<string, bigint> = {},
  limits: Record<string, bigint> = {},
): PodContainer => ({
  name,
  image: `registry.example/${name}:1`,
  requests: new Map(Object.entries(requests)),
  limits: new Map(Object.entries(limits)),
});

export const nodeOf = (
  name: string,
  capacity: Record<string, bigint>,
  { allocatable = capacity, labels = {} }: { allocatable?: Record<string, bigint>; labels?: Labels } = {},
): MetricsNode => ({
  meta: metaOf(name, "", labels),
  addresses: [],
  ready: "True",
  unschedulable: false,
  externalId: "",
  amounts: {
    capacity: new Map(Object.entries(capacity)),
    allocatable: new Map(Object.entries(allocatable)),
  },
});

/** What `packBatch` has packed; undefined when another version has. */
export const unpacked = async (bytes: Uint8Array): Promise<DataBatch | undefined> => {
  const packed = await openPacked(bytes);
  return packed && { ...packed.of, sets: new Map(packed.sets()) };
};
