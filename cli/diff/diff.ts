import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import type { ReadConfiguration } from "../configuration.ts";
import type { Server } from "../server/server.ts";
import { type LiveProvider, poolConfigAnswer, providersAnswer } from "../server/shapes.ts";
import { differenceOf, type JobDifference } from "./difference.ts";
import { addEffects, type Effects, staticProvider } from "./effect.ts";
import { type PlannedJob, planJobs } from "./plan.ts";
import { createLivePool, liveEffects } from "./pool.ts";
import { type Scope, scopesIn } from "./scope.ts";

export interface DiffedJob extends JobDifference {
  readonly job: string;
  readonly kind: "kept" | "new" | "removed";
  /** Why not everything is known; targets that these blocks may bring or keep are neither gained nor lost. */
  readonly unknown: readonly string[];
  /** So many of those that are scraped now may stay or go, since nobody knows what a block would find. */
  readonly uncertain: number;
}

/** What a proposed configuration would do to every job over the live pool. */
export const diffJobs = async (
  proposed: ReadConfiguration,
  server: Server,
  tell: (text: string) => void,
): Promise<DiffedJob[]> => {
  const { providers } = await server.get("api/v1/providers", {}, providersAnswer);
  const liveJobs = new Set(providers.flatMap(({ jobs }) => jobs));
  const groupsOf = createLivePool(server);
  const result: DiffedJob[] = [];
  const scopes = new Map<string, Scope[]>();
  for (const scrapePool of liveJobs) {
    const { yaml } = await server.get("api/v1/scrape_pools/config", { scrapePool }, poolConfigAnswer);
    scopes.set(scrapePool, scopesIn(yaml));
  }
  for (const planned of planJobs(proposed, { providers, scopes })) {
    const { name } = planned.job;
    tell(`job ${name}`);
    const isLive = liveJobs.has(name);
    const before = isLive ? await liveEffects(server, name) : new Map();
    const after = await proposedEffects(planned, groupsOf);
    const unknown = planned.unknown;
    const certain = settled(before, { planned, providers });
    const difference = differenceOf(
      certain,
      after,
      (provider) => isLive && isShared(provider, planned, providers),
    );
    const uncertain = scrapedIn(before) - scrapedIn(certain);
    const kind = isLive ? "kept" : "new";
    result.push({
      job: name,
      kind,
      unknown,
      uncertain,
      ...difference,
      before: difference.before + uncertain,
    });
    liveJobs.delete(name);
  }
  for (const job of liveJobs) {
    tell(`job ${job}`);
    const difference = differenceOf(await liveEffects(server, job), new Map(), () => false);
    result.push({ job, kind: "removed", unknown: [], uncertain: 0, ...difference });
  }
  return result;
};

const proposedEffects = async (
  { job, live, groups }: PlannedJob,
  groupsOf: (job: string) => Promise<Map<string, TargetGroup[]>>,
): Promise<Effects> => {
  const effects: Effects = new Map();
  for (const { provider, namespaces } of live) {
    const [asJob = ""] = provider.jobs.includes(job.name) ? [job.name] : provider.jobs;
    const found = (await groupsOf(asJob)).get(provider.provider) ?? [];
    const wanted = namespaces === undefined ? found : found.filter((group) => isIn(namespaces, group));
    addEffects(effects, { job, provider: provider.provider, groups: wanted });
  }
  addEffects(effects, { job, provider: staticProvider, groups });
  return effects;
};

const isIn = (namespaces: ReadonlySet<string>, { labels }: TargetGroup) =>
  namespaces.has(labels.__meta_kubernetes_namespace ?? "");

/** Without the targets of providers whose part in the proposed job is unknown: they may stay or go. */
const settled = (
  before: Effects,
  { planned, providers }: { planned: PlannedJob; providers: readonly LiveProvider[] },
): Effects => {
  if (planned.unknown.length === 0) return before;
  const kept = new Set([staticProvider, ...planned.live.map(({ provider }) => provider.provider)]);
  const ids = new Set(providers.map(({ provider }) => provider));
  return new Map([...before].filter(([, { provider }]) => kept.has(provider) || !ids.has(provider)));
};

/** Both sides were read of this provider as a whole, so what only one of them saw is no effect of the rules. */
const isShared = (provider: string, { job, live }: PlannedJob, providers: readonly LiveProvider[]) => {
  const own = live.find((one) => one.provider.provider === provider);
  if (own === undefined || own.namespaces !== undefined) return false;
  return providers.some((one) => one.provider === provider && one.jobs.includes(job.name));
};

/** Those that end alike count once. */
const scrapedIn = (effects: Effects): number =>
  new Set([...effects.values()].flatMap(({ final }) => final ?? [])).size;
