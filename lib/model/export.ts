import type { DataBatch, MetricSet, MetricType } from "../metrics/batch.ts";
import {
  additionalMetrics,
  labeledMetrics,
  type MetricDescriptor,
  standardMetrics,
} from "../metrics/catalogue.ts";
import {
  commonLabels,
  containerLabels,
  entityTypes,
  type LabelDescriptor,
  label,
  podLabels,
} from "../metrics/labels.ts";
import { nanoseconds } from "../metrics/time.ts";
import { goTime } from "./shape.ts";

/** `/api/v1/metric-export` (spec A10.2): the newest batch; null without one. */
export const exportOf = (batch: DataBatch | undefined) => {
  if (batch === undefined) return null;
  const sets = [...batch.sets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, set]) => set);
  return sets
    .filter(({ labels }) => exportedTypes.has(labels[label.type] ?? ""))
    .map((set) => ({ metrics: metricsOf(set, nanoseconds(batch.timestamp)), labels: labelsOf(set) }));
};

/** `/api/v1/metric-export-schema`. */
export const exportSchema = () => ({
  metrics: [...standardMetrics, ...limits, ...labeledMetrics].map(described),
  common_labels: [...commonLabels, ...containerLabels].map(labelDescribed),
  pod_labels: podLabels.map(labelDescribed),
});

const exportedTypes: ReadonlySet<string> = new Set([
  entityTypes.node,
  entityTypes.pod,
  entityTypes.podContainer,
  entityTypes.systemContainer,
]);

const limits = additionalMetrics.filter(({ name }) => name === "cpu/limit" || name === "memory/limit");
const plainNames = new Set([...standardMetrics, ...limits].map(({ name }) => name));
const labeledNames = new Set(labeledMetrics.map(({ name }) => name));
const exportedLabels = [...commonLabels, ...containerLabels, ...podLabels].map(({ key }) => key);

const metricsOf = (set: MetricSet, end: bigint) => {
  const points = new Map<string, object[]>();
  const spanOf = (type: MetricType) => ({
    start: goTime(type === "cumulative" ? set.collectionStart : end),
    end: goTime(end),
  });
  for (const [name, { type, value }] of set.values)
    if (plainNames.has(name)) points.set(name, [{ ...spanOf(type), value }]);
  for (const { name, labels, type, value } of set.labeled) {
    if (!labeledNames.has(name)) continue;
    points.set(name, [...(points.get(name) ?? []), { ...spanOf(type), labels, value }]);
  }
  return Object.fromEntries([...points].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const labelsOf = ({ labels }: MetricSet) => {
  const kept = exportedLabels.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  const forced = containerNames.get(labels[label.type] ?? "");
  return { ...Object.fromEntries(kept), ...(forced && { [label.containerName]: forced }) };
};

/** What upstream calls those that are no container. */
const containerNames: ReadonlyMap<string, string> = new Map([
  [entityTypes.node, "machine"],
  [entityTypes.pod, "/pod"],
]);

const described = ({ name, description, type, valueType, unit, labels }: MetricDescriptor) => ({
  name,
  description,
  ...(labels.length > 0 && {
    labels: labels.map((key) => ({ key, description: labelWords.get(key) ?? "" })),
  }),
  type,
  value_type: valueType,
  ...(unit !== "" && { units: unit }),
});

const labelWords: ReadonlyMap<string, string> = new Map([
  [label.resourceId, "The disk, filesystem or volume that is measured"],
  [label.make, "The maker of the accelerator"],
  [label.model, "The model of the accelerator"],
  [label.acceleratorId, "The identifier of the accelerator"],
]);

const labelDescribed = ({ key, description }: LabelDescriptor) => ({ key, description });
