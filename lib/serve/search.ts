import type { Job } from "../config/configuration.ts";
import { type Answer, success, tagged, text } from "../door/answer.ts";
import { parseSelectors } from "../httpsd/narrowing.ts";
import { compactTargets } from "../scrapepool/compact.ts";
import { createFinder, stateOf, type TargetState, targetStates, type Wish } from "../scrapepool/find.ts";
import type { PoolTarget } from "../scrapepool/scrapepool.ts";
import { type Found, foundTargetJson, shownTarget } from "../scrapepool/targetjson.ts";
import { createTurns, mostSelecting } from "../turns.ts";
import { cursorReader, cursorText, isAfter, placeOfTarget } from "./cursor.ts";
import { askedJobs, askedLimit, bad, badCursor, strangeParameter } from "./ownquery.ts";
import { answerTag, type JobPool, readJobs, readPools } from "./pools.ts";
import type { Asked, Route } from "./route.ts";

/**
 * `GET /api/v1/search?job&cluster&match[]&q&state&limit&cursor&compact`: a page of targets with what became of them, and how
 * many there are in each state. By job, provider, source and place, so that a cursor holds while other targets come and go.
 * `compact=true` is for who wants many at once, such as the page.
 */
export const searchRoute: Route = {
  path: "api/v1/search",
  answer: async (asked, parts) => {
    const query = readQuery(asked);
    if ("statusCode" in query) return query;
    const jobs = await readJobs(query.jobs, asked, parts);
    const tag = answerTag(jobs, [...asked.request.query]);
    const clusters = new Map(asked.plan.providers.map(({ id, cluster }) => [id, cluster]));
    return tagged(await pageOf(await readPools(jobs), query, clusters), tag);
  },
};

interface Query extends Wish {
  /** In alphabetical order. */
  readonly jobs: readonly Job[];
  readonly cluster: string | null;
  /** Undefined: any. */
  readonly state: TargetState | undefined;
  readonly limit: number;
  readonly compact: boolean;
  readonly after: Place | undefined;
}

/** Job, provider, source, and the place in the group. */
type Place = readonly [string, string, string, number];

const parameters = ["job", "cluster", "match[]", "q", "state", "limit", "cursor", "compact"];

const readQuery = (asked: Asked): Query | Answer => {
  const { query } = asked.request;
  const strange = strangeParameter(query, parameters);
  if (strange !== undefined) return strange;
  const jobs = askedJobs(asked);
  if ("statusCode" in jobs) return jobs;
  const written = query.get("compact") ?? "false";
  if (written !== "true" && written !== "false") return bad("compact must be true or false");
  const compact = written === "true";
  const limit = askedLimit(query, { usual: 100, most: compact ? mostCompact : 1000 });
  if (typeof limit !== "number") return limit;
  const wish = readWish(query);
  if ("statusCode" in wish) return wish;
  const cursor = query.get("cursor");
  const after = cursor === null ? undefined : readCursor(cursor);
  if (cursor !== null && after === undefined) return badCursor;
  const inOrder = [...jobs].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...wish, jobs: inOrder, cluster: query.get("cluster"), limit, compact, after };
};

/** About a tenth of a second of work, in which nobody else is answered. */
const mostCompact = 10_000;

const readCursor = cursorReader(placeOfTarget);

const readWish = (query: URLSearchParams): (Wish & Pick<Query, "state">) | Answer => {
  const selected = parseSelectors(query.getAll("match[]"));
  if ("error" in selected) return bad(selected.error);
  const words = (query.get("q") ?? "").split(/\s+/).filter((word) => word !== "");
  if (words.length > mostWords || words.some((word) => word.length > longestWord)) {
    return bad(`q may have ${mostWords} words of ${longestWord} characters at most`);
  }
  const written = query.get("state") ?? "any";
  const state = targetStates.find((one) => one === written);
  if (state === undefined && written !== "any") {
    return bad(`state must be one of any, ${targetStates.join(", ")}`);
  }
  return { ...selected, words, state };
};

const mostWords = 16;
const longestWord = 256;

const pageOf = async (
  pools: readonly JobPool[],
  query: Query,
  clusters: ReadonlyMap<string, string>,
): Promise<Answer> => {
  const counts = { active: 0, dropped: 0, failed: 0, duplicate: 0 };
  const found: Found[] = [];
  const most = query.compact ? mostCompactLength : mostLength;
  let length = 0;
  let last: Place | undefined;
  let isMore = false;
  const turns = createTurns({ most: mostSelecting });
  for (const one of inOrder(pools, query, clusters)) {
    const others = turns.next();
    if (others !== undefined) await others;
    if (one === undefined) continue;
    const { job, pool, target } = one;
    const state = stateOf(pool, target);
    counts[state] += 1;
    const place = placeOf(job, target);
    if (query.state !== undefined && query.state !== state) continue;
    if (query.after !== undefined && !isAfter(place, query.after)) continue;
    isMore = found.length === query.limit || length > most;
    if (isMore) continue;
    found.push(one);
    length += lengthOf(target);
    last = place;
  }
  const cursor = isMore && last !== undefined ? cursorText(last) : null;
  if (query.compact) return success({ ...compactTargets(shownEach(found)), counts, cursor });
  const rest = JSON.stringify({ counts, cursor }).slice(1);
  const targets = found.map(foundTargetJson).join(",");
  return text(200, `{"status":"success","data":{"targets":[${targets}],${rest}}`, "application/json");
};

/** One after the other: the labels of ten thousand targets at a time would be what the collector of garbage is busy with. */
function* shownEach(found: readonly Found[]) {
  for (const one of found) yield shownTarget(one);
}

/** Characters of discovered labels. A page is answered in one go; targets with a megabyte each come in smaller ones. */
const mostLength = 4_000_000;
/** Labels that many targets share are there once. */
const mostCompactLength = 64_000_000;

const lengthOf = ({ entry: { group }, index }: PoolTarget): number => {
  let length = 0;
  for (const labels of [group.labels, group.targets[index]!]) {
    for (const name in labels) length += name.length + labels[name]!.length;
  }
  return length;
};

const placeOf = (job: Job, { provider, entry, index }: PoolTarget): Place => [
  job.name,
  provider,
  entry.source,
  index,
];

/** What is looked for, in the order of places; undefined for each target that is not, since looking is work too. */
function* inOrder(pools: readonly JobPool[], query: Query, clusters: ReadonlyMap<string, string>) {
  for (const { job, pool } of pools) {
    const isFound = createFinder(job, query);
    const byProvider = Map.groupBy(pool.targets, ({ provider }) => provider);
    for (const provider of [...byProvider.keys()].sort()) {
      const cluster = clusters.get(provider) ?? "";
      if (query.cluster !== null && query.cluster !== cluster) continue;
      for (const target of byProvider.get(provider)!) {
        yield isFound(target) ? { job, pool, target, cluster } : undefined;
      }
    }
  }
}
