import type { DataBatch, MetricSet } from "../../metrics/batch.ts";
import { entityTypes, label } from "../../metrics/labels.ts";
import type { SortKey, Subject } from "./question.ts";

/** What a subject consists of, of one kind: the first few by the order that is asked for. */
export interface Parts {
  readonly kind: "namespace" | "node" | "pod" | "container" | "system";
  readonly total: number;
  readonly items: readonly Part[];
}

export interface Part {
  readonly name: string;
  /** Of a pod. */
  readonly namespace?: string;
  readonly node?: string;
  readonly values: Values;
}

/** By Heapster's names; only what there is. */
export type Values = Readonly<Record<string, number>>;

/** Metrics that are told, where an entity has them. */
const told = [
  "cpu/usage_rate",
  "cpu/request",
  "cpu/limit",
  "cpu/node_allocatable",
  "memory/usage",
  "memory/working_set",
  "memory/request",
  "memory/limit",
  "memory/node_allocatable",
  "network/rx_rate",
  "network/tx_rate",
  "restart_count",
];

export const valuesOf = ({ values }: MetricSet): Values =>
  Object.fromEntries(
    told.flatMap((name) => {
      const found = values.get(name);
      return found === undefined ? [] : [[name, Number(found.value)] as const];
    }),
  );

/** Cut down, by the newest batch. */
export const partsOf = (
  { sets }: DataBatch,
  subject: Subject,
  { sort, limit }: { sort: SortKey; limit: number },
): Parts[] =>
  kindsOf(subject).map((kind) => {
    const found = [...sets.values()]
      .filter((set) => isPart(set, kind, subject))
      .map((set) => partOf(set, kind));
    return { kind, total: found.length, items: found.sort(orders[sort]).slice(0, limit) };
  });

type Kind = Parts["kind"];

const kindsOf = ({ kind }: Subject): readonly Kind[] => {
  if (kind === "cluster") return ["namespace", "node"];
  if (kind === "namespace") return ["pod"];
  if (kind === "node") return ["pod", "system"];
  return kind === "pod" ? ["container"] : [];
};

const types: Readonly<Record<Kind, string>> = {
  namespace: entityTypes.namespace,
  node: entityTypes.node,
  pod: entityTypes.pod,
  container: entityTypes.podContainer,
  system: entityTypes.systemContainer,
};

const isPart = ({ labels }: MetricSet, kind: Kind, subject: Subject): boolean => {
  if (labels[label.type] !== types[kind]) return false;
  if (subject.kind === "node") return nodeOf(labels) === subject.node;
  if ("namespace" in subject && labels[label.namespaceName] !== subject.namespace) return false;
  return !("pod" in subject) || labels[label.podName] === subject.pod;
};

/** A pod whose kubelet told only of its containers has its host's name alone. */
export const nodeOf = (labels: MetricSet["labels"]): string =>
  labels[label.nodename] || (labels[label.hostname] ?? "");

const names: Readonly<Record<Kind, string>> = {
  namespace: label.namespaceName,
  node: label.nodename,
  pod: label.podName,
  container: label.containerName,
  system: label.containerName,
};

const partOf = (set: MetricSet, kind: Kind): Part => ({
  name: set.labels[names[kind]] ?? "",
  ...(kind === "pod" && { namespace: set.labels[label.namespaceName] ?? "", node: nodeOf(set.labels) }),
  values: valuesOf(set),
});

/** The most first, and by name what is equal. */
const by =
  (...metrics: readonly string[]) =>
  (a: Part, b: Part): number => {
    const of = ({ values }: Part) => values[metrics.find((name) => values[name] !== undefined) ?? ""] ?? -1;
    return of(b) - of(a) || byName(a, b);
  };

const byName = (a: Part, b: Part): number => {
  const [left, right] = [a, b].map(({ name, namespace = "" }) => `${name} ${namespace}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
};

const orders: Readonly<Record<SortKey, (a: Part, b: Part) => number>> = {
  cpu: by("cpu/usage_rate"),
  memory: by("memory/working_set", "memory/usage"),
  received: by("network/rx_rate"),
  sent: by("network/tx_rate"),
  restarts: by("restart_count"),
  name: byName,
};
