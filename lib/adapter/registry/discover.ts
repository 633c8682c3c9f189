import { reasonOf } from "../../errors.ts";
import { inFlight } from "../../inflight.ts";
import type { AdapterRules, DiscoveryRule } from "../config/rules.ts";
import type { Mapper } from "../mapper/mapper.ts";
import { createAssociation, isClusterWide } from "../naming/association.ts";
import { createNaming } from "../naming/name.ts";
import type { Prometheus, Series } from "../prometheus/prometheus.ts";
import type { CustomEntry, ExternalEntry, RegistryRecord } from "./record.ts";

export interface DiscoverParts {
  readonly rules: AdapterRules;
  readonly mapper: Mapper;
  readonly prometheus: Pick<Prometheus, "series">;
  /** Series since then, Unix seconds. */
  readonly start: number;
}

export type Discovered = Pick<RegistryRecord, "custom" | "external">;

/**
 * The metrics that the rules make of the series there are (spec B4): each distinct query is asked once, then the rules are applied in their
 * order. Rejects when any query fails: what was known before stays.
 */
export const discover = async ({ rules, mapper, prometheus, start }: DiscoverParts): Promise<Discovered> => {
  checkOverrides(rules, mapper);
  const queries = [
    ...new Set([...rules.rules, ...rules.externalRules].map(({ seriesQuery }) => seriesQuery)),
  ];
  const answers = await inFlight(queriesAtOnce, queries, async (query) => {
    const series = await prometheus.series(query, start).catch((cause: unknown) => {
      throw new Error(`series query ${JSON.stringify(query)}: ${reasonOf(cause)}`, { cause });
    });
    return [query, series] as const;
  });
  const seriesOf = new Map(answers);
  const of = ({ seriesQuery }: DiscoveryRule) => seriesOf.get(seriesQuery) ?? [];
  const custom = rules.rules.flatMap((rule, at) => customEntries(rule, { at, series: of(rule), mapper }));
  const external = rules.externalRules.flatMap((rule, at) => externalEntries(rule, at, of(rule)));
  const entries = {
    custom: lastOfEach(custom, customId),
    external: lastOfEach(external, ({ metric }) => metric),
  };
  const count = entries.custom.length + entries.external.length;
  if (count > mostEntries)
    throw new Error(`the rules make ${count} metrics, more than ${mostEntries}: narrow their series queries`);
  return entries;
};

/** Also of rules that need none to find metrics: their queries will. */
const checkOverrides = ({ externalRules, resourceRules }: AdapterRules, mapper: Mapper): void => {
  const ofResources = resourceRules === undefined ? [] : [resourceRules.cpu, resourceRules.memory];
  for (const { resources } of [...externalRules, ...ofResources]) createAssociation(resources, mapper);
};

const queriesAtOnce = 8;

/** A registry is read whole by whoever answers. */
const mostEntries = 100_000;

interface Applied {
  readonly at: number;
  readonly series: readonly Series[];
  readonly mapper: Mapper;
}

const customEntries = (rule: DiscoveryRule, { at, series, mapper }: Applied): CustomEntry[] => {
  const nameOf = createNaming(rule.seriesFilters, rule.name);
  const { resourcesOf } = createAssociation(rule.resources, mapper);
  return series.flatMap(({ name, labels }) => {
    const metric = nameOf(name);
    if (metric === undefined) return [];
    const { resources, namespaced } = resourcesOf(labels);
    return resources.map((resource): CustomEntry => {
      const key = { group: resource.group, resource: resource.resource };
      return { metric, rule: at, series: name, ...key, namespaced: namespaced && !isClusterWide(key) };
    });
  });
};

const externalEntries = (rule: DiscoveryRule, at: number, series: readonly Series[]): ExternalEntry[] => {
  const nameOf = createNaming(rule.seriesFilters, rule.name);
  return [...new Set(series.map(({ name }) => name))].flatMap((name) => {
    const metric = nameOf(name);
    return metric === undefined ? [] : [{ metric, rule: at, series: name }];
  });
};

const customId = ({ metric, group, resource, namespaced }: CustomEntry) =>
  JSON.stringify([metric, group, resource, namespaced]);

/** One of many series with the same key is enough; the last one counts. */
const lastOfEach = <T>(entries: readonly T[], idOf: (entry: T) => string): T[] => [
  ...new Map(entries.map((entry) => [idOf(entry), entry])).values(),
];
