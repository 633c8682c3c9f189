import type { Part, Point, Series, Usage } from "../live/shapes.ts";
import type { Amount } from "./amount.ts";

/** Whose metrics are shown; empty names are left out, all of them: the cluster. */
export interface Subject {
  readonly cluster: string;
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export type Kind = "cluster" | "node" | "namespace" | "pod" | "container" | "system";

export const subjectIn = ({
  cluster = "",
  node = "",
  namespace = "",
  pod = "",
  container = "",
}: Readonly<Record<string, string>>): Subject => ({ cluster, node, namespace, pod, container });

export const kindOf = ({ node, namespace, pod, container }: Subject): Kind => {
  if (node !== "") return "node";
  if (container !== "") return "container";
  if (pod !== "") return "pod";
  return namespace === "" ? "cluster" : "namespace";
};

export const nameOf = (subject: Subject): string => subject[kindOf(subject) as keyof Subject];

/** The way from the cluster down to a subject, itself included. */
export const wayTo = ({ cluster, node, namespace, pod, container }: Subject): Subject[] => {
  const whole = { cluster, node: "", namespace: "", pod: "", container: "" };
  if (node !== "") return [whole, { ...whole, node }];
  return [
    whole,
    ...(namespace === "" ? [] : [{ ...whole, namespace }]),
    ...(pod === "" ? [] : [{ ...whole, namespace, pod }]),
    ...(container === "" ? [] : [{ ...whole, namespace, pod, container }]),
  ];
};

/** What one of a subject's parts is by itself; undefined for what has no view of its own. */
export const partSubject = (subject: Subject, kind: string, part: Part): Subject | undefined => {
  const { cluster } = subject;
  const whole = { cluster, node: "", namespace: "", pod: "", container: "" };
  if (kind === "namespace") return { ...whole, namespace: part.name };
  if (kind === "node") return { ...whole, node: part.name };
  if (kind === "pod") return { ...whole, namespace: part.namespace, pod: part.name };
  return kind === "container" ? { ...subject, container: part.name } : undefined;
};

/** Every point that is known, one for each time, none more than `keep` seconds before the last. */
export const mergedSeries = (known: Series, arrived: Series, keep: number): Series => {
  const names = [...new Set([...Object.keys(known), ...Object.keys(arrived)])];
  const all = names.map((name) => {
    const points = new Map([...(known[name] ?? []), ...(arrived[name] ?? [])]);
    return [name, [...points].sort(([a], [b]) => a - b)] as const;
  });
  const last = Math.max(...all.map(([, points]) => points.at(-1)?.[0] ?? 0));
  return Object.fromEntries(all.map(([name, points]) => [name, points.filter(([at]) => at > last - keep)]));
};

export interface Line {
  readonly name: string;
  /** Which of the chart's colours it has. */
  readonly tone: "first" | "second";
  readonly points: readonly Point[];
}

/** A level that does not move: what is asked for, and what there may be at most. */
export interface Level {
  readonly name: string;
  readonly value: number;
}

export interface ChartData {
  readonly title: string;
  readonly of: Amount;
  readonly lines: readonly Line[];
  readonly levels: readonly Level[];
}

/** The charts that a subject has the metrics for. */
export const chartsOf = ({ values }: Pick<Usage, "values">, series: Series): ChartData[] => {
  const line = (name: string, tone: Line["tone"], metric: string): Line[] => {
    const points = series[metric] ?? [];
    return points.length === 0 ? [] : [{ name, tone, points }];
  };
  const levels = (resource: string): Level[] =>
    [
      ["asked for", values[`${resource}/request`]],
      ["limit", values[`${resource}/limit`]],
      ["allocatable", values[`${resource}/node_allocatable`]],
    ].flatMap(([name, value]) =>
      // Heapster has 0 for what nobody wrote down.
      typeof name === "string" && typeof value === "number" && value > 0 ? [{ name, value }] : [],
    );
  const charts: ChartData[] = [
    { title: "CPU", of: "cpu", lines: line("in use", "first", "cpu/usage_rate"), levels: levels("cpu") },
    {
      title: "Memory",
      of: "bytes",
      // What is summed up has no working set.
      lines: series["memory/working_set"]?.length
        ? [
            ...line("working set", "first", "memory/working_set"),
            ...line("with caches", "second", "memory/usage"),
          ]
        : line("in use, with caches", "first", "memory/usage"),
      levels: levels("memory"),
    },
    {
      title: "Network",
      of: "rate",
      lines: [...line("received", "first", "network/rx_rate"), ...line("sent", "second", "network/tx_rate")],
      levels: [],
    },
  ];
  return charts.filter(({ lines }) => lines.length > 0);
};

/** What a part uses of what it may: its limit, or what a node can give; undefined where nothing is said. */
export const shareOf = ({ values }: Part, resource: "cpu" | "memory"): number | undefined => {
  const most = values[`${resource}/node_allocatable`] || values[`${resource}/limit`] || 0;
  const used = resource === "cpu" ? values["cpu/usage_rate"] : memoryOf(values);
  return most > 0 && used !== undefined ? Math.max(0, used / most) : undefined;
};

export const memoryOf = (values: Part["values"]): number | undefined =>
  values["memory/working_set"] ?? values["memory/usage"];
