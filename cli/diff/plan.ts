import type { Job, StaticSdConfig } from "../../lib/config/configuration.ts";
import { planProviders } from "../../lib/discovery/plan.ts";
import type { Provider } from "../../lib/discovery/provider.ts";
import { jobYaml } from "../../lib/scrapepool/jobyaml.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import type { ReadConfiguration } from "../configuration.ts";
import type { LiveProvider } from "../server/shapes.ts";
import { kindOf, type Scope, scopesIn } from "./scope.ts";

/** Where the groups of a proposed job come from. */
export interface PlannedJob {
  readonly job: Job;
  readonly live: readonly LiveBlock[];
  /** They stand in the proposed configuration itself. */
  readonly groups: readonly TargetGroup[];
  /** Blocks that nobody looks at yet, so that nobody knows what they would find; one line each. */
  readonly unknown: readonly string[];
}

/** A provider of the live pool that the proposed job would have too. */
export interface LiveBlock {
  readonly provider: LiveProvider;
  /** Only these, though it looks at more; undefined: all that it has. */
  readonly namespaces: ReadonlySet<string> | undefined;
}

export interface LiveWorld {
  readonly providers: readonly LiveProvider[];
  /** The blocks of each job in force. */
  readonly scopes: ReadonlyMap<string, readonly Scope[]>;
}

/** Finds for each block of a proposed configuration who looks at the very same already. */
export const planJobs = (proposed: ReadConfiguration, world: LiveWorld): PlannedJob[] => {
  const { configuration, settings, servers } = proposed;
  const providers = planProviders({ configuration, settings, servers, key: Buffer.alloc(32) });
  return configuration.jobs.map((job) => {
    const looked = providers.filter(
      ({ jobs, config }) => jobs.includes(job.name) && config.mechanism !== "static",
    );
    const places = new Map(looked.map((provider) => [placeOf(provider), provider]));
    const found = [...places.values()].map((provider) => findLive(provider, job, world));
    return {
      job,
      live: found.flatMap((one) => one.live),
      groups: job.sdConfigs.filter(isStatic).flatMap(({ groups }) => groups),
      unknown: found.flatMap((one) => one.unknown),
    };
  });
};

const isStatic = (config: { mechanism: string }): config is StaticSdConfig => config.mechanism === "static";

const kindOfProvider = ({ config }: Provider) =>
  kindOf(config.mechanism, "role" in config ? config.role : undefined);

/** Kind and cluster. A provider that stands alone has itself for a cluster, unless the settings name it. */
const placeOf = (provider: Provider) =>
  `${kindOfProvider(provider)} ${provider.cluster === provider.id ? "" : provider.cluster}`.trim();

const livePlaceOf = ({ mechanism, role, cluster, provider }: LiveProvider) =>
  `${kindOf(mechanism, role)} ${cluster === provider ? "" : cluster}`.trim();

type Found = Pick<PlannedJob, "live" | "unknown">;

/** All blocks of a job at one place: the job itself may have the same, or another job. */
const findLive = (provider: Provider, job: Job, { providers, scopes }: LiveWorld): Found => {
  const place = placeOf(provider);
  const kind = kindOfProvider(provider);
  const wanted = scopesIn(jobYaml(job)).filter((scope) => scope.kind === kind);
  const candidates = [job.name, ...[...scopes.keys()].filter((name) => name !== job.name)];
  for (const name of candidates) {
    const there = providers.filter((one) => one.jobs.includes(name) && livePlaceOf(one) === place);
    const had = (scopes.get(name) ?? []).filter((scope) => scope.kind === kind);
    if (there.length === 0) continue;
    if (areEqual(wanted, had))
      return { live: there.map((one) => ({ provider: one, namespaces: undefined })), unknown: [] };
    const namespaces = narrowed(wanted, had);
    if (namespaces !== undefined)
      return { live: there.map((one) => ({ provider: one, namespaces })), unknown: [] };
  }
  const isThere = providers.some((one) => livePlaceOf(one) === place);
  const reason = isThere
    ? `nobody looks at ${place} with just these options yet`
    : `nobody looks at ${place} yet`;
  return { live: [], unknown: [reason] };
};

const areEqual = (some: readonly Scope[], others: readonly Scope[]) =>
  JSON.stringify(some.map(({ text }) => text).sort()) ===
  JSON.stringify(others.map(({ text }) => text).sort());

/** The namespaces of a block that is as one that takes more of them, and else alike. */
const narrowed = (wanted: readonly Scope[], had: readonly Scope[]): ReadonlySet<string> | undefined => {
  const [next, now] = [wanted[0], had[0]];
  if (wanted.length !== 1 || had.length !== 1 || next?.otherwise !== now?.otherwise) return undefined;
  const [fewer, more] = [next?.namespaces, now?.namespaces];
  return fewer !== undefined && (more === undefined || fewer.isSubsetOf(more)) ? fewer : undefined;
};
