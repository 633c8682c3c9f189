import type { Requirement } from "../selector.ts";

/** What the custom metrics API lists (§B4 registry key). Of namespaces, nodes and persistentvolumes `namespaced` is false. */
export interface CustomMetric {
  /** "" for the core group. */
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly metric: string;
}

/** Of which objects a metric is wanted; `names` has one at least. */
export interface CustomQuestion extends CustomMetric {
  /** Undefined at the root. */
  readonly namespace: string | undefined;
  readonly names: readonly string[];
  /** Of the metric (`metricLabelSelector`). */
  readonly selector: readonly Requirement[];
}

export interface ExternalQuestion {
  readonly metric: string;
  readonly namespace: string | undefined;
  readonly selector: readonly Requirement[];
}

/** The metrics that a look at Prometheus found, and how each is asked for. */
export interface Registry {
  /** Sorted. */
  readonly custom: readonly CustomMetric[];
  /** Sorted. */
  readonly external: readonly string[];
  /** `label` is the one that tells the object. Throws UnknownMetric, or Unbuildable: both are 404 upstream (§B6). */
  customQuery(asked: CustomQuestion): { readonly promql: string; readonly label: string };
  /** Throws UnknownMetric (404 upstream), or Unbuildable (500 upstream, §B7). */
  externalQuery(asked: ExternalQuestion): string;
}

/** No such metric is registered. */
export class UnknownMetric extends Error {
  override name = "UnknownMetric";
}

/** The metric is registered, but what was asked cannot be put into a query: an operator, a label or a template that does not serve. */
export class Unbuildable extends Error {
  override name = "Unbuildable";
}
