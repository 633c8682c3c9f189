import assert from "node:assert/strict";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import { createMapper } from "../../../../lib/adapter/mapper/known.ts";
import { createAssociation } from "../../../../lib/adapter/naming/association.ts";
import { objectsQuery, seriesQuery } from "../../../../lib/adapter/query/query.ts";
import { parseSelector, type Requirement } from "../../../../lib/adapter/selector.ts";
import { clusterResources } from "../cluster.ts";

const mapper = createMapper(clusterResources);

export const resource = (name: string) => {
  const found = mapper.resourceFor(name);
  assert.ok(found);
  return found;
};

export interface Asked {
  readonly query?: string;
  readonly resources?: string;
  readonly of?: string;
  readonly series?: string;
  readonly namespace?: string | undefined;
  readonly names?: readonly string[];
  readonly selector?: string | readonly Requirement[];
  readonly groupBy?: readonly string[];
}

const ruleOf = ({ query = "<<.LabelMatchers>>", resources = "{template: 'kube_<<.Resource>>'}" }: Asked) => {
  const text = `rules: [{seriesQuery: x, resources: ${resources}, metricsQuery: ${JSON.stringify(query)}}]`;
  const [rule] = parseRules({ path: "adapter.yml", text }).rules;
  assert.ok(rule);
  return rule;
};

const partsOf = (asked: Asked) => {
  const rule = ruleOf(asked);
  const { selector = "" } = asked;
  return {
    template: rule.metricsQuery,
    series: asked.series ?? "foo",
    association: createAssociation(rule.resources, mapper),
    namespaceResource: resource("namespaces"),
    namespaced: rule.resources.namespaced,
    namespace: asked.namespace,
    selector: typeof selector === "string" ? parseSelector(selector) : selector,
  };
};

export const objects = (asked: Asked) =>
  objectsQuery({
    ...partsOf(asked),
    resource: resource(asked.of ?? "services"),
    names: asked.names ?? ["bar"],
    groupBy: asked.groupBy ?? [],
  }).promql;

export const external = (asked: Asked) => seriesQuery(partsOf(asked));
