import { type Answer, text } from "../door/answer.ts";
import type { AskedShard } from "../explain/answer.ts";
import { type ExplainParts, explain, type PastOfJobs } from "../explain/explain.ts";
import { addressOf } from "../explain/find.ts";
import { answersJson } from "../explain/json.ts";
import { removalsOf, searchPast } from "../explain/past.ts";
import { parseQuestion } from "../explain/question.ts";
import { clocksDiffer } from "../history/history.ts";
import { parseShard } from "../httpsd/shard.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";
import { unsure } from "./job.ts";
import { ownedProviders } from "./owned.ts";
import { askedJobs, bad, strangeParameter } from "./ownquery.ts";
import type { Asked, Route, ServeParts } from "./route.ts";

/** `GET /api/v1/explain?object&job&shard&of`: why something is a target, or is not (docs/explain.md). */
export const answerExplain: Route["answer"] = async (asked, parts) => {
  const { query } = asked.request;
  const strange = strangeParameter(query, ["object", "job", "shard", "of"]);
  if (strange !== undefined) return strange;
  const parsed = parseQuestion(query.get("object") ?? "");
  if ("error" in parsed) return bad(parsed.error);
  const shard = readShard(query);
  if (shard !== undefined && "statusCode" in shard) return shard;
  const jobs = askedJobs(asked);
  if ("statusCode" in jobs) return jobs;
  const explained = await explain({ ...parsed, jobs, shard }, await partsFor(asked, parts));
  if ("error" in explained) return bad(explained.error);
  const data = answersJson(explained.answers);
  return text(200, `{"status":"success","data":${data}}`, "application/json");
};

/** `of` alone asks which of the parts it is in. */
const readShard = (query: URLSearchParams): AskedShard | Answer | undefined => {
  const [shard, of] = [query.get("shard"), query.get("of")];
  const parsed = parseShard(shard ?? (of === null ? undefined : "0"), of ?? undefined);
  if ("error" in parsed) return bad(parsed.error);
  return parsed.shard && { index: shard === null ? undefined : parsed.shard.index, of: parsed.shard.of };
};

const partsFor = async (asked: Asked, parts: ServeParts): Promise<ExplainParts> => {
  const { lists, clock, readers } = parts;
  const statuses = await parts.statuses.list();
  const past = once(() => pastOf(asked, parts));
  return {
    providers: asked.plan.providers,
    statuses,
    readViews: async (ids) => (await lists.read(ids)).views,
    unsure: (providers, views) =>
      unsure(providers, statuses, new Map([...views].map(([id, { entries }]) => [id, entries.size]))),
    readersOf: async (job) => (await readers?.marks.of(job)) ?? [],
    removalsOf: async (job, sources) => (await past())?.named(job, sources),
    removalsAt: async (isThere) => (await past())?.at(isThere),
    now: clock(),
  };
};

/** Undefined where no history is kept. Read only for a question about something that is not there. */
const pastOf = async (asked: Asked, { history, clock }: ServeParts) => {
  const since = await history.earliest();
  if (since === undefined || asked.plan.settings.history.retention === 0) return undefined;
  const owned = await ownedProviders(asked, history);
  const until = clock() + clocksDiffer;
  const isOf = (job: string, provider: string) =>
    owned.some(({ id, jobs }) => id === provider && jobs.includes(job));
  return {
    named: (job: string, sources: readonly string[]) => {
      const providers = owned.map(({ id }) => id).filter((id) => isOf(job, id));
      return removalsOf(history, sources, { providers, since, until });
    },
    at: async (isThere: (address: string) => boolean): Promise<PastOfJobs> => {
      const job = asked.request.query.get("job");
      const providers = owned.map(({ id }) => id).filter((id) => job === null || isOf(job, id));
      const isMeant = (target: LabelSet, group: LabelSet) => isThere(addressOf(target, group));
      return { ...(await searchPast(history, isMeant, { providers, since, until })), isOf };
    },
  };
};

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
