import type { MetricType } from "./batch.ts";
import { label } from "./labels.ts";

/** What is known of a metric by its name (spec A3.1, Heapster's `metrics/core/metrics.go`). */
export interface MetricDescriptor {
  readonly name: string;
  readonly description: string;
  readonly type: MetricType;
  readonly valueType: "int64" | "double";
  /** Empty for a bare count. */
  readonly unit: "" | "bytes" | "ms" | "ns";
  /** The labels that tell its instances apart; none for a metric that an entity has once. */
  readonly labels: readonly string[];
}

type Kind = Pick<MetricDescriptor, "type" | "valueType" | "unit">;

const gaugeCount: Kind = { type: "gauge", valueType: "int64", unit: "" };
const gaugeBytes: Kind = { type: "gauge", valueType: "int64", unit: "bytes" };
const gaugeDouble: Kind = { type: "gauge", valueType: "double", unit: "" };
const counted: Kind = { type: "cumulative", valueType: "int64", unit: "" };
const countedBytes: Kind = { ...counted, unit: "bytes" };

const metric = (
  name: string,
  kind: Kind,
  { description, labels = [] }: { description: string; labels?: readonly string[] },
): MetricDescriptor => ({ name, ...kind, description, labels });

const plain = (name: string, kind: Kind, description: string) => metric(name, kind, { description });

/** Straight from the kubelet, in the order that the export's schema has. */
export const standardMetrics: readonly MetricDescriptor[] = [
  plain("uptime", { ...counted, unit: "ms" }, "Milliseconds since the container was started"),
  plain("cpu/usage", { ...counted, unit: "ns" }, "CPU time used on all cores, in total"),
  plain("cpu/load", gaugeCount, "CPU load: threads that run or could run"),
  plain("ephemeral_storage/usage", gaugeBytes, "Ephemeral storage in use"),
  plain("memory/usage", gaugeBytes, "Memory in use"),
  plain("memory/rss", gaugeBytes, "Resident set size"),
  plain("memory/cache", gaugeBytes, "Memory of the page cache"),
  plain("memory/working_set", gaugeBytes, "Memory in use that cannot be dropped under pressure"),
  plain("memory/page_faults", counted, "Page faults, in total"),
  plain("memory/major_page_faults", counted, "Page faults that needed the disk, in total"),
  plain("network/rx", countedBytes, "Bytes received over the network, in total"),
  plain("network/rx_errors", counted, "Errors while receiving over the network, in total"),
  plain("network/tx", countedBytes, "Bytes sent over the network, in total"),
  plain("network/tx_errors", counted, "Errors while sending over the network, in total"),
];

/** Out of pod specifications. */
export const additionalMetrics: readonly MetricDescriptor[] = [
  plain("cpu/request", gaugeCount, "CPU that is asked for, in thousandths of a core"),
  plain("cpu/limit", gaugeCount, "CPU that may be used, in thousandths of a core"),
  plain("memory/request", gaugeBytes, "Memory that is asked for"),
  plain("memory/limit", gaugeBytes, "Memory that may be used"),
  plain("ephemeral_storage/request", gaugeBytes, "Ephemeral storage that is asked for"),
  plain("ephemeral_storage/limit", gaugeBytes, "Ephemeral storage that may be used"),
];

/** What the rate calculator makes. */
export const rateMetrics: readonly MetricDescriptor[] = [
  plain("cpu/usage_rate", gaugeCount, "CPU in use, in thousandths of a core"),
  ...[
    "memory/page_faults",
    "memory/major_page_faults",
    "network/rx",
    "network/rx_errors",
    "network/tx",
    "network/tx_errors",
  ].map((name) => plain(`${name}_rate`, gaugeDouble, `Growth of ${name} in a second`)),
];

/** What the node autoscaling enricher makes. */
export const nodeMetrics: readonly MetricDescriptor[] = ["cpu", "memory", "ephemeral_storage"].flatMap(
  (resource) => [
    plain(`${resource}/node_capacity`, gaugeDouble, `${resource} of the node`),
    plain(`${resource}/node_allocatable`, gaugeDouble, `${resource} of the node that pods may have`),
    plain(`${resource}/node_utilization`, gaugeDouble, `Share of the allocatable ${resource} that is in use`),
    plain(
      `${resource}/node_reservation`,
      gaugeDouble,
      `Share of the allocatable ${resource} that is asked for`,
    ),
  ],
);

const byResource = [label.resourceId];
const byAccelerator = [label.make, label.model, label.acceleratorId];

/** What an entity has several of, in the order that the export's schema has. */
export const labeledMetrics: readonly MetricDescriptor[] = [
  ...["read", "write"].flatMap((way) => [
    metric(`disk/io_${way}_bytes`, countedBytes, {
      description: `Bytes of disk ${way}s, in total`,
      labels: byResource,
    }),
    metric(`disk/io_${way}_bytes_rate`, gaugeDouble, {
      description: `Bytes of disk ${way}s in a second`,
      labels: byResource,
    }),
  ]),
  ...[
    ["usage", "Bytes in use on a filesystem"],
    ["limit", "Size of a filesystem"],
    ["available", "Bytes that are free on a filesystem"],
    ["inodes", "Inodes of a filesystem"],
    ["inodes_free", "Inodes that are free on a filesystem"],
  ].map(([name, description = ""]) =>
    metric(`filesystem/${name}`, gaugeBytes, { description, labels: byResource }),
  ),
  metric("accelerator/memory_total", gaugeBytes, {
    description: "Memory of an accelerator",
    labels: byAccelerator,
  }),
  metric("accelerator/memory_used", gaugeBytes, {
    description: "Memory in use of an accelerator",
    labels: byAccelerator,
  }),
  metric("accelerator/duty_cycle", gaugeCount, {
    description: "Per cent of the time in which an accelerator was at work",
    labels: byAccelerator,
  }),
];

/** Described as a count that only grows; the pod enricher emits it as a gauge, as upstream does. */
export const restartCount = plain("restart_count", counted, "Restarts of the container, in total");

/** Every metric that has a fixed name; others are `custom/NAME` and `RESOURCE/request`. */
export const allMetrics: readonly MetricDescriptor[] = [
  ...standardMetrics,
  ...additionalMetrics,
  ...rateMetrics,
  ...nodeMetrics,
  ...labeledMetrics,
  restartCount,
];

export const customMetric = (name: string): string => `custom/${name}`;

/** Counters and the rate that is made of each (spec A4, processor 1). */
export const rateOf: ReadonlyMap<string, string> = new Map([
  ["cpu/usage", "cpu/usage_rate"],
  ["memory/page_faults", "memory/page_faults_rate"],
  ["memory/major_page_faults", "memory/major_page_faults_rate"],
  ["network/rx", "network/rx_rate"],
  ["network/rx_errors", "network/rx_errors_rate"],
  ["network/tx", "network/tx_rate"],
  ["network/tx_errors", "network/tx_errors_rate"],
  ["disk/io_read_bytes", "disk/io_read_bytes_rate"],
  ["disk/io_write_bytes", "disk/io_write_bytes_rate"],
]);

const familyNames = ["cpu", "filesystem", "memory", "network"] as const;
export type MetricFamily = (typeof familyNames)[number] | "general";

/** The family of a metric, by which Elasticsearch types its documents (spec A3.1); upstream lists `cpu/load` in none. */
export const familyOf = (name: string): MetricFamily => families.get(name) ?? "general";

const families = new Map<string, MetricFamily>(
  allMetrics.flatMap(({ name }) => {
    const first = familyNames.find((family) => name.startsWith(`${family}/`));
    return first === undefined || name === "cpu/load" ? [] : [[name, first] as const];
  }),
);
