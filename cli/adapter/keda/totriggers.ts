import type { AdapterRules, DiscoveryRule } from "../../../lib/adapter/config/rules.ts";
import { createMapper } from "../../../lib/adapter/mapper/known.ts";
import { type Resource, resourceOf } from "../../../lib/adapter/mapper/mapper.ts";
import { associationOf, keyOf } from "../../../lib/adapter/naming/association.ts";
import { createNaming } from "../../../lib/adapter/naming/name.ts";
import { objectsQuery, seriesQuery } from "../../../lib/adapter/query/query.ts";
import type { Requirement } from "../../../lib/adapter/selector.ts";
import { reasonOf } from "../../../lib/errors.ts";
import { mayFind, seriesNameIn } from "./series.ts";

/** What a rules file does not say, and a ScaledObject must. */
export interface Workload {
  readonly server: string;
  readonly namespace: string;
  /** Its pods are called after it. */
  readonly name: string;
  readonly kind: string;
  /** Series that are scaled on, where rules say no certain name. */
  readonly series: readonly string[];
  /** Of external metrics. */
  readonly selector: readonly Requirement[];
  /** `RESOURCE/NAME`, for metrics of one object. */
  readonly object?: { readonly resource: string; readonly name: string };
}

export interface Trigger {
  readonly type: "prometheus";
  readonly name: string;
  readonly metricType: "AverageValue" | "Value";
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Translated {
  readonly triggers: readonly Trigger[];
  /** One line for each thing that KEDA has no word for. */
  readonly notes: readonly string[];
}

/**
 * Triggers that ask what an HPA's metrics of these rules would ask. KEDA takes one number for each trigger, so the objects of a metric are
 * added up: shared by replicas, that is the mean that an HPA of pods works out.
 */
export const triggersOf = (rules: AdapterRules, workload: Workload): Translated => {
  const custom = rules.rules.map((rule, at) => customTriggers(rule, `rules[${at}]`, workload));
  const external = rules.externalRules.map((rule, at) =>
    externalTriggers(rule, `externalRules[${at}]`, workload),
  );
  const resources = rules.resourceRules === undefined ? [] : [resourceNote];
  const all = [...custom, ...external];
  // Of two rules that make one metric the last counts (spec B4).
  const byName = new Map(all.flatMap(({ triggers }) => triggers).map((trigger) => [trigger.name, trigger]));
  return { triggers: [...byName.values()], notes: [...all.flatMap(({ notes }) => notes), ...resources] };
};

const resourceNote =
  "resourceRules: KEDA does not serve metrics.k8s.io, and its cpu and memory triggers need it; keep it served for them and for kubectl top";

const customTriggers = (rule: DiscoveryRule, place: string, workload: Workload): Translated =>
  eachSeries(rule, { place, workload }, (series, metric) => {
    const { object } = workload;
    const resource =
      object === undefined ? mapper.resourceFor("pods") : mapper.resourceFor(...resourceIn(object.resource));
    if (resource === undefined) throw new Error(`${object?.resource} is none of ${known}`);
    const { promql } = objectsQuery({
      template: rule.metricsQuery,
      series,
      association: associationOf(rule.resources, mapper),
      namespaceResource: resourceNamed("namespaces"),
      resource,
      namespace: resource.namespaced ? workload.namespace : undefined,
      // Two names make a regular expression, in whose place that of the workload's pods comes.
      names: object === undefined ? podNames : [object.name],
      selector: [],
    });
    const query =
      object === undefined ? promql.replaceAll(podNames.join("|"), `${workload.name}-.*`) : promql;
    return triggerOf(
      metric,
      { query, metricType: object === undefined ? "AverageValue" : "Value" },
      workload,
    );
  });

const podNames = ["ROLLCALL_POD_A", "ROLLCALL_POD_B"];

const externalTriggers = (rule: DiscoveryRule, place: string, workload: Workload): Translated =>
  eachSeries(rule, { place, workload }, (series, metric) => {
    const query = seriesQuery({
      template: rule.metricsQuery,
      series,
      association: associationOf(rule.resources, mapper),
      namespaceResource: resourceNamed("namespaces"),
      namespaced: rule.resources.namespaced,
      namespace: workload.namespace,
      selector: workload.selector,
    });
    return triggerOf(metric, { query, metricType: "AverageValue" }, workload);
  });

type Make = (series: string, metric: string) => Trigger;

const eachSeries = (
  rule: DiscoveryRule,
  { place, workload }: { place: string; workload: Workload },
  make: Make,
): Translated => {
  const certain = seriesNameIn(rule.seriesQuery);
  const asked = workload.series.filter((series) => mayFind(rule.seriesQuery, series));
  const names = certain === undefined ? asked : [certain];
  if (names.length === 0)
    return {
      triggers: [],
      notes: [`${place}: its seriesQuery names no certain series; say with --series which are scaled on`],
    };
  const nameOf = createNaming(rule.seriesFilters, rule.name);
  const notes: string[] = [];
  const triggers = names.flatMap((series) => {
    const metric = nameOf(series);
    if (metric === undefined) return [];
    try {
      return make(series, metric);
    } catch (error) {
      notes.push(`${place}: ${metric}: ${reasonOf(error)}`);
      return [];
    }
  });
  return { triggers, notes };
};

interface Asked {
  readonly query: string;
  readonly metricType: Trigger["metricType"];
}

const triggerOf = (name: string, { query, metricType }: Asked, { server }: Workload): Trigger => ({
  type: "prometheus",
  name,
  metricType,
  metadata: {
    serverAddress: server,
    query: `sum(${query.trim()})`,
    // An HPA without a value waits; KEDA would take none for zero.
    ignoreNullValues: "false",
  },
});

const resourceIn = (text: string): [string, string?] => {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
};

/** What labels of rules are about, where there is no cluster to be asked. */
const resources: readonly Resource[] = [
  resourceOf("", "Namespace", { namespaced: false }),
  resourceOf("", "Node", { namespaced: false }),
  resourceOf("", "PersistentVolume", { namespaced: false }),
  resourceOf("", "PersistentVolumeClaim"),
  resourceOf("", "Pod"),
  resourceOf("", "Service"),
  resourceOf("apps", "Deployment"),
  resourceOf("apps", "StatefulSet"),
  resourceOf("apps", "DaemonSet"),
  resourceOf("apps", "ReplicaSet"),
  resourceOf("batch", "Job"),
  resourceOf("batch", "CronJob"),
  resourceOf("networking.k8s.io", "Ingress", { resource: "ingresses" }),
];
const mapper = createMapper(resources);
const known = resources.map(keyOf).join(", ");

const resourceNamed = (name: string): Resource => {
  const found = mapper.resourceFor(name);
  if (found === undefined) throw new Error(`${name} is none of ${known}`);
  return found;
};
