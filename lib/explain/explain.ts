import type { Job } from "../config/configuration.ts";
import type { Provider } from "../discovery/provider.ts";
import { inFlight } from "../inflight.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { ReaderMark } from "../readers/readers.ts";
import type { Views } from "../scrapepool/scrapepool.ts";
import { explainAbsent, pastSources } from "./absent.ts";
import type { Answer, AskedShard, JobWorld } from "./answer.ts";
import {
  atFinalPort,
  discoveredAddress,
  type Found,
  type FoundTargets,
  findByFinalAddress,
  findByLabels,
  findTargets,
  isAt,
} from "./find.ts";
import type { Elsewhere, PastSearch, Removal } from "./finding.ts";
import { ambiguity, canStandFor } from "./objects.ts";
import { explainPresent } from "./present.ts";
import type { Question } from "./question.ts";
import type { Reason } from "./reason.ts";
import { writesHost } from "./rules.ts";

export interface ExplainQuery {
  readonly question: Question;
  readonly jobs: readonly Job[];
  readonly shard: AskedShard | undefined;
}

/** Where an explanation gets what it tells from; all of it as far as the asker may see it. */
export interface ExplainParts {
  readonly providers: readonly Provider[];
  readonly statuses: readonly ProviderStatus[];
  readonly readViews: (providers: readonly string[]) => Promise<Views>;
  /** Why no list of these providers is given out, if so. */
  readonly unsure: (providers: readonly Provider[], views: Views) => string | undefined;
  readonly readersOf: (job: string) => Promise<readonly ReaderMark[]>;
  /** The latest first; undefined where no history is kept. */
  readonly removalsOf: (job: string, sources: readonly string[]) => Promise<readonly Removal[] | undefined>;
  /** Removals by all providers that the jobs have or had, found by the address; undefined where no history is kept. */
  readonly removalsAt: (isThere: (address: string) => boolean) => Promise<PastOfJobs | undefined>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What was found, and which of it is a job's. */
export interface PastOfJobs extends PastSearch {
  readonly isOf: (job: string, provider: string) => boolean;
}

/** Why something is a target of these jobs, or is not: an answer per job, those with most to say in front. The error is one line. */
export const explain = async (
  query: ExplainQuery,
  parts: ExplainParts,
): Promise<{ readonly answers: readonly Answer[] } | { readonly error: string }> => {
  const { question, jobs } = query;
  const names = new Set(jobs.map(({ name }) => name));
  const providers = parts.providers.filter((provider) => provider.jobs.some((name) => names.has(name)));
  const views = await parts.readViews(providers.map(({ id }) => id));
  const found = new Map(
    providers.map(({ id, config }) => [id, findTargets(question, config, views.get(id)!)]),
  );
  const unclear = question.about === "object" ? ambiguity(question, [...found.values()].flat()) : undefined;
  if (unclear !== undefined) return { error: unclear };
  const removalsAt = once(parts.removalsAt);
  const known = { ...parts, removalsAt, views, found, allowance: mostText / Math.max(1, jobs.length) };
  const answers = await inFlight(jobsUnderWay, jobs, (job) => answerFor(job, query, known));
  return { answers: answers.sort((a, b) => rankOf(a) - rankOf(b)) };
};

const jobsUnderWay = 8;

/** Characters of labels in a whole answer, roughly. */
const mostText = 2_000_000;

type Known = ExplainParts & {
  readonly views: Views;
  readonly found: FoundTargets;
  readonly allowance: number;
};

const answerFor = async (job: Job, { question, shard }: ExplainQuery, known: Known): Promise<Answer> => {
  const providers = known.providers.filter((provider) => provider.jobs.includes(job.name));
  const views: Views = new Map(providers.map(({ id }) => [id, known.views.get(id)!]));
  const { targets, neighbours } = await foundFor(question, job, { ...known, views });
  const isFound = targets.size > 0;
  const world: JobWorld = {
    question,
    job,
    providers,
    shard,
    statuses: new Map(known.statuses.map((status) => [status.provider, status])),
    withheld: known.unsure(providers, views),
    readers: isFound ? await known.readersOf(job.name) : [],
    now: known.now,
    allowance: known.allowance,
  };
  if (isFound) return explainPresent(targets, world);
  const [past, seenBy] = await Promise.all([pastOf(world, known), seenElsewhere(world, known)]);
  return explainAbsent(world, { ...past, seenBy, neighbours });
};

const pastOf = async (
  world: JobWorld,
  { removalsOf, removalsAt }: Known,
): Promise<Pick<Elsewhere, "removals" | "searched">> => {
  const { question, job } = world;
  if (question.about !== "address") return { removals: await removalsOf(job.name, pastSources(world)) };
  const searched = await removalsAt(isAt(question));
  const removals = searched?.removals.filter(({ provider }) => searched.isOf(job.name, provider));
  return { removals, searched };
};

/** Many jobs ask for one answer. */
const once = <Input, Value>(make: (input: Input) => Promise<Value>): ((input: Input) => Promise<Value>) => {
  let made: Promise<Value> | undefined;
  return (input) => {
    made ??= make(input);
    return made;
  };
};

interface FoundFor {
  readonly targets: FoundTargets;
  /** Addresses at the host that was asked for, where nothing is at its port. */
  readonly neighbours: readonly string[];
}

/** What a job's rules make of an address decides which targets are meant. */
const foundFor = async (
  question: Question,
  job: Job,
  { views, found }: Pick<Known, "views" | "found">,
): Promise<FoundFor> => {
  const nobody: readonly string[] = [];
  if (question.about === "labels") {
    return { targets: await findByLabels(question, job, views), neighbours: nobody };
  }
  const own = nonEmpty([...views.keys()].map((id) => [id, found.get(id) ?? []]));
  if (question.about !== "address") return { targets: own, neighbours: nobody };
  const there = nonEmpty([...own].map(([id, targets]) => [id, atFinalPort(question, job, targets)]));
  if (there.size > 0) return { targets: there, neighbours: nobody };
  const targets = writesHost(job) ? await findByFinalAddress(question, job, views) : there;
  const near = [...own.values()].flat().map(discoveredAddress);
  return { targets, neighbours: [...new Set(near)] };
};

const nonEmpty = (found: readonly (readonly [string, readonly Found[]])[]): FoundTargets =>
  new Map(found.filter(([, targets]) => targets.length > 0));

/** Others that look at the same clusters. They are read only now: most questions do without. */
const seenElsewhere = async (
  { question, providers }: JobWorld,
  known: Pick<Known, "providers" | "readViews">,
): Promise<Provider[]> => {
  if (question.about !== "object") return [];
  const clusters = new Set(providers.map(({ cluster }) => cluster));
  const own = new Set(providers.map(({ id }) => id));
  const others = known.providers.filter(
    ({ id, cluster, config }) => !own.has(id) && clusters.has(cluster) && canStandFor(config, question),
  );
  if (others.length === 0) return [];
  const views = await known.readViews(others.map(({ id }) => id));
  return others.filter(({ id, config }) =>
    findTargets(question, config, views.get(id)!).some(({ object }) => object !== undefined),
  );
};

/** What was found goes first, then what is certain, then what only is not so. */
const rankOf = ({ reason, targetCount }: Answer): number => (targetCount > 0 ? -1 : order.indexOf(reason));

const order: readonly Reason[] = [
  "removed",
  "not_in_endpoints",
  "not_selected",
  "no_targets",
  "list_withheld",
  "unreachable",
  "unauthorized",
  "forbidden",
  "provider_failing",
  "not_looked_yet",
  "stale",
  "maybe_not_selected",
  "never_seen",
  "namespace_not_covered",
  "role_mismatch",
  "no_discovery",
];
