import { byBytes } from "../../config/go-text.ts";
import { parseRules } from "../config/parse.ts";
import type { AdapterRules, DiscoveryRule } from "../config/rules.ts";
import { createMapper, namespaces } from "../mapper/known.ts";
import type { Mapper, Resource } from "../mapper/mapper.ts";
import { associationOf, keyOf } from "../naming/association.ts";
import { objectsQuery, seriesQuery } from "../query/query.ts";
import type { CustomEntry, ExternalEntry, RegistryRecord } from "./record.ts";
import {
  type CustomMetric,
  type CustomQuestion,
  type Registry,
  Unbuildable,
  UnknownMetric,
} from "./registry.ts";

export interface BuiltRegistry {
  readonly registry: Registry;
  readonly mapper: Mapper;
  readonly rules: AdapterRules;
}

/** The registry that a record stands for. Throws when the record's own rules no longer parse. */
export const buildRegistry = (record: RegistryRecord): BuiltRegistry => {
  const rules = parseRules(record.rules);
  const mapper = createMapper(record.resources);
  return { registry: registryOf(record, { rules, mapper }), mapper, rules };
};

interface Parts {
  readonly rules: AdapterRules;
  readonly mapper: Mapper;
}

const registryOf = (record: RegistryRecord, { rules, mapper }: Parts): Registry => {
  const custom = new Map(record.custom.map((entry) => [customKey(entry), entry]));
  const external = new Map(record.external.map((entry) => [entry.metric, entry]));
  const namespaceResource = mapper.resourceFor("namespaces", "") ?? namespaces;
  return {
    custom: [...custom.values()].map(shown).sort(byCustom),
    external: [...external.keys()].sort(byBytes),
    customQuery: (asked) => {
      const entry = found(custom.get(customKey(asked)), `${keyOf(asked)}/${asked.metric}`);
      const rule = ruleAt(rules.rules, entry);
      return objectsQuery({
        ...pick(asked),
        template: rule.metricsQuery,
        series: entry.series,
        association: associationOf(rule.resources, mapper),
        namespaceResource,
        resource: resourceOf(mapper, entry),
      });
    },
    externalQuery: ({ metric, namespace, selector }) => {
      const entry = found(external.get(metric), metric);
      const rule = ruleAt(rules.externalRules, entry);
      return seriesQuery({
        template: rule.metricsQuery,
        series: entry.series,
        association: associationOf(rule.resources, mapper),
        namespaceResource,
        namespaced: rule.resources.namespaced,
        namespace,
        selector,
      });
    },
  };
};

const customKey = ({ metric, group, resource, namespaced }: CustomMetric) =>
  JSON.stringify([metric, group, resource, namespaced]);

const shown = ({ group, resource, namespaced, metric }: CustomEntry): CustomMetric => ({
  group,
  resource,
  namespaced,
  metric,
});

const byCustom = (a: CustomMetric, b: CustomMetric) =>
  byBytes(`${keyOf(a)}/${a.metric}`, `${keyOf(b)}/${b.metric}`) ||
  Number(a.namespaced) - Number(b.namespaced);

const pick = ({ namespace, names, selector }: CustomQuestion) => ({ namespace, names, selector });

const found = <T>(entry: T | undefined, metric: string): T => {
  if (entry === undefined) throw new UnknownMetric(`no metric ${metric} is registered`);
  return entry;
};

const ruleAt = (rules: readonly DiscoveryRule[], { rule }: CustomEntry | ExternalEntry): DiscoveryRule => {
  const there = rules[rule];
  if (there === undefined) throw new UnknownMetric(`the rules have no rule ${rule}`);
  return there;
};

const resourceOf = (mapper: Mapper, { group, resource }: { group: string; resource: string }): Resource => {
  const there = mapper.resourceFor(resource, group);
  if (there === undefined) throw new Unbuildable(`the cluster has no resource ${keyOf({ group, resource })}`);
  return there;
};
