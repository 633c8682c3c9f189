import { dirname } from "node:path";
import { adapterBlock, adaptersOf, type WrittenAdapter } from "./adapter-block.ts";
import type { AdapterSettings } from "./adapters.ts";
import { clusterBlock } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import {
  type Decoder,
  Ended,
  isolated,
  type Mistake,
  newDecoder,
  Refusal,
  read,
  type Type,
} from "./decode.ts";
import { ConfigurationError, type Place } from "./error.ts";
import { guardBlock } from "./guard.ts";
import { historyBlock } from "./history.ts";
import { metricsBlock } from "./metrics/block.ts";
import type { MetricsSettings } from "./metrics/settings.ts";
import {
  type ClusterSettings,
  defaultGuard,
  defaultHistory,
  type GuardSettings,
  type HistorySettings,
  type JobSettings,
  noSettings,
  type Settings,
} from "./settings.ts";
import type { SourceFile } from "./source-file.ts";
import { fieldsOf, struct } from "./struct.ts";
import { tokenBlock, type WrittenToken } from "./tokens.ts";
import { listOf, text } from "./types.ts";
import { unresolved, type Values, withValues } from "./values.ts";
import { parseYaml, YamlError } from "./yaml.ts";

/**
 * `rollcall.yml` (design §3.7), as strict as Prometheus is with its own file. No file is an empty one. `values` is what its
 * references stand for in the cloud. Throws ConfigurationError with every finding: unknown keys, clusters without an
 * address, jobs that do not exist.
 */
export const parseSettings = (
  file: SourceFile | undefined,
  { jobs }: Configuration,
  values?: Values,
): Settings => {
  if (file === undefined) return noSettings;
  const decoder = newDecoder();
  const settings = decode(file, decoder, values);
  const mistakes = [...decoder.refusals, ...decoder.typeErrors];
  const known = new Set(jobs.map(({ name }) => name));
  for (const { name, place } of settings?.jobs ?? []) {
    if (!known.has(name)) mistakes.push({ place, message: `no job is named ${JSON.stringify(name)}` });
  }
  for (const { jobs: names, place } of settings?.tokens ?? []) {
    const absent = names.find((name) => name !== "*" && !known.has(name));
    if (absent !== undefined) mistakes.push({ place, message: `no job is named ${JSON.stringify(absent)}` });
  }
  if (mistakes.length > 0 || settings === undefined) throw refused(file, mistakes);
  return {
    clusters: settings.clusters,
    jobs: settings.jobs.map(({ name, clusters }) => ({ name, clusters })),
    guard: settings.guard,
    history: settings.history,
    tokens: settings.tokens.map(({ place: _place, ...token }) => token),
    ...(settings.metrics && { metrics: settings.metrics }),
    adapters: settings.adapters,
  };
};

type Placed<T> = T & { readonly place: Place };
interface Written {
  readonly clusters: readonly ClusterSettings[];
  readonly jobs: readonly Placed<JobSettings>[];
  readonly guard: GuardSettings;
  readonly history: HistorySettings;
  readonly tokens: readonly WrittenToken[];
  readonly metrics?: MetricsSettings | undefined;
  readonly adapters: readonly AdapterSettings[];
}

const nothing: Written = {
  clusters: [],
  jobs: [],
  guard: defaultGuard,
  history: defaultHistory,
  tokens: [],
  adapters: [],
};

const decode = (file: SourceFile, decoder: Decoder, values: Values | undefined): Written | undefined => {
  try {
    const written = parseYaml(file.text);
    if (written === undefined) return nothing;
    const root = withValues(written, values ?? {});
    const left = unresolved(root, values);
    if (left.length > 0) throw refused(file, left);
    return isolated(decoder, () => read(decoder, root, settingsBlock(dirname(file.path))));
  } catch (error) {
    if (error instanceof YamlError) throw refused(file, [{ place: error.place, message: error.message }]);
    if (error instanceof Ended) return undefined;
    throw error;
  }
};

const refused = (file: SourceFile, mistakes: readonly Mistake[]) =>
  new ConfigurationError(mistakes.map(({ place, message }) => ({ file: file.path, ...place, message })));

const settingsBlock = (folder: string): Type<Written> =>
  struct<Written>({
    name: "settings",
    zero: nothing,
    begin: (decoder) => {
      const field = fieldsOf(decoder);
      let clusters: readonly (ClusterSettings | undefined)[] | undefined;
      let jobs: readonly (Placed<JobSettings> | undefined)[] | undefined;
      let guard = defaultGuard;
      let history = defaultHistory;
      let tokens: readonly (WrittenToken | undefined)[] | undefined;
      let metrics: MetricsSettings | undefined;
      let adapters: readonly (WrittenAdapter | undefined)[] | undefined;
      return {
        fields: {
          clusters: field(listOf("list of clusters", clusterBlock(folder)), (value) => (clusters = value)),
          jobs: field(listOf("list of jobs", jobBlock), (value) => (jobs = value)),
          guard: field(guardBlock, (value) => (guard = value)),
          history: field(historyBlock, (value) => (history = value)),
          tokens: field(listOf("list of tokens", tokenBlock), (value) => (tokens = value)),
          metrics: field(metricsBlock(folder), (value) => (metrics = value)),
          adapters: field(listOf("list of adapters", adapterBlock(folder)), (value) => (adapters = value)),
        },
        finish: () => ({
          clusters: present(clusters),
          jobs: present(jobs),
          guard,
          history,
          tokens: present(tokens),
          metrics,
          adapters: adaptersOf(present(adapters), present(clusters)),
        }),
      };
    },
  });

const present = <T>(items: readonly (T | undefined)[] | undefined): T[] =>
  (items ?? []).flatMap((item) => item ?? []);

const jobBlock = struct<Placed<JobSettings> | undefined>({
  name: "settings.job",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    let name = "";
    let clusters: readonly string[] | undefined;
    return {
      fields: {
        name: field(text, (value) => (name = value)),
        clusters: field(listOf("list of globs", text), (value) => (clusters = value)),
      },
      finish: (at) => {
        if (name === "") throw new Refusal(at("name"), "a job needs a name");
        if (clusters === undefined)
          throw new Refusal(at("clusters"), "a job needs clusters: a list of globs");
        return { name, clusters, place: at("name") };
      },
    };
  },
});
