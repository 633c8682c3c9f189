import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";

/** What a look at a Prometheus and a cluster found, as it is kept: the registry is made of it and of the rules. */
export interface RegistryRecord {
  /** When the look began, Unix milliseconds. */
  readonly at: number;
  /** The rules file as it was then: entries are numbers of its rules. */
  readonly rules: { readonly path: string; readonly text: string };
  /** The cluster's resources, in the order of its preference. */
  readonly resources: readonly z.infer<typeof resource>[];
  /** In the order in which they were found: of two with one key the last counts. */
  readonly custom: readonly CustomEntry[];
  readonly external: readonly ExternalEntry[];
}

export interface CustomEntry {
  readonly metric: string;
  /** Number of the rule in `rules`. */
  readonly rule: number;
  readonly series: string;
  readonly group: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

export interface ExternalEntry {
  readonly metric: string;
  /** Number of the rule in `externalRules`. */
  readonly rule: number;
  readonly series: string;
}

export const packRecord = (record: RegistryRecord): Uint8Array => gzipSync(JSON.stringify(packedOf(record)));

/** Throws for what is no record of ours. */
export const unpackRecord = (bytes: Uint8Array): RegistryRecord => {
  const json = gunzipSync(bytes, { maxOutputLength: largest }).toString();
  const { custom, external, ...rest } = schema.parse(JSON.parse(json));
  return {
    ...rest,
    custom: custom.map(([metric, rule, series, group, resource, namespaced]) => ({
      metric,
      rule,
      series,
      group,
      resource,
      namespaced: namespaced === 1,
    })),
    external: external.map(([metric, rule, series]) => ({ metric, rule, series })),
  };
};

/** Bytes of JSON: a hundred thousand entries have ten million. */
const largest = 256 * 1024 * 1024;

const packedOf = ({ custom, external, ...rest }: RegistryRecord) => ({
  ...rest,
  custom: custom.map(({ metric, rule, series, group, resource, namespaced }) => [
    metric,
    rule,
    series,
    group,
    resource,
    namespaced ? 1 : 0,
  ]),
  external: external.map(({ metric, rule, series }) => [metric, rule, series]),
});

const resource = z.object({
  group: z.string(),
  version: z.string(),
  resource: z.string(),
  singular: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
});

const place = z.number().int().min(0);

const schema = z.object({
  at: z.number(),
  rules: z.object({ path: z.string(), text: z.string() }),
  resources: z.array(resource),
  custom: z.array(z.tuple([z.string(), place, z.string(), z.string(), z.string(), z.number()])),
  external: z.array(z.tuple([z.string(), place, z.string()])),
});
