import type { Template } from "../template/template.ts";

/** prometheus-adapter's configuration file (spec B2), validated. */
export interface AdapterRules {
  /** Of custom.metrics.k8s.io, which is not served when there are none. */
  readonly rules: readonly DiscoveryRule[];
  /** Of external.metrics.k8s.io, which is not served when there are none. */
  readonly externalRules: readonly DiscoveryRule[];
  /** Of metrics.k8s.io, which is not served when there are none. */
  readonly resourceRules?: ResourceRules;
}

export interface DiscoveryRule {
  /** A series selector, sent as it is. */
  readonly seriesQuery: string;
  readonly seriesFilters: readonly SeriesFilter[];
  readonly resources: ResourceMapping;
  readonly name: NameRule;
  readonly metricsQuery: Template;
}

export interface SeriesFilter {
  /** RE2, unanchored, on the name of the series. */
  readonly regex: string;
  /** `is`; not `isNot`. */
  readonly wants: boolean;
}

export interface NameRule {
  readonly matches: string;
  /** A replacement in Go's syntax, its default filled in. */
  readonly as: string;
}

/** Which label means which resource. */
export interface ResourceMapping {
  /** With the fields `Group` and `Resource`. */
  readonly template?: Template;
  readonly overrides: ReadonlyMap<string, GroupResource>;
  /** Whether an external query asks for the namespace. */
  readonly namespaced: boolean;
}

export interface GroupResource {
  /** "" when not given. */
  readonly group: string;
  readonly resource: string;
}

export interface ResourceRules {
  readonly cpu: ResourceRule;
  readonly memory: ResourceRule;
  /** Milliseconds. */
  readonly window: number;
}

export interface ResourceRule {
  readonly containerQuery: Template;
  readonly nodeQuery: Template;
  readonly resources: ResourceMapping;
  readonly containerLabel: string;
}
