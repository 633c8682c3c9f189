import type { Resource } from "../mapper/mapper.ts";
import type { Association } from "../naming/association.ts";
import type { Requirement } from "../selector.ts";
import type { Template } from "../template/template.ts";
import { namesMatcher, requirementMatchers } from "./matchers.ts";
import { renderQuery } from "./render.ts";

export interface ObjectsAsked {
  readonly template: Template;
  /** "" in resource rules. */
  readonly series: string;
  readonly association: Association;
  readonly namespaceResource: Resource;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly names: readonly string[];
  readonly selector: readonly Requirement[];
  /** Labels beside the resource's to group by. */
  readonly groupBy?: readonly string[];
}

/** The query for a metric of objects, and the label that tells them (spec B5). Throws Unbuildable. */
export const objectsQuery = (asked: ObjectsAsked): { readonly promql: string; readonly label: string } => {
  const { association, namespace, names, series } = asked;
  const label = association.labelOf(asked.resource);
  const matchers = [
    ...requirementMatchers(asked.selector),
    ...namespaceMatcher(association, asked.namespaceResource, namespace),
    namesMatcher(label, names),
  ];
  const promql = renderQuery(asked.template, {
    series,
    matchers,
    groupBy: [label, ...(asked.groupBy ?? [])],
  });
  return { promql, label };
};

export interface ExternalAsked
  extends Pick<
    ObjectsAsked,
    "template" | "series" | "association" | "namespaceResource" | "namespace" | "selector"
  > {
  /** Whether the rule asks for the namespace at all. */
  readonly namespaced: boolean;
}

/** The query for an external metric: there is nothing to group by (spec B5). Throws Unbuildable. */
export const seriesQuery = (asked: ExternalAsked): string => {
  const { template, series, association, selector } = asked;
  const namespace = asked.namespaced ? asked.namespace : undefined;
  const matchers = [
    ...requirementMatchers(selector),
    ...namespaceMatcher(association, asked.namespaceResource, namespace),
  ];
  return renderQuery(template, { series, matchers, groupBy: [] });
};

const namespaceMatcher = (association: Association, resource: Resource, namespace: string | undefined) =>
  namespace === undefined || namespace === ""
    ? []
    : [namesMatcher(association.labelOf(resource), [namespace])];
