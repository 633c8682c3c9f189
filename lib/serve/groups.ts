import { type Answer, success } from "../door/answer.ts";
import type { Live } from "../pool/view.ts";
import type { Views } from "../scrapepool/scrapepool.ts";
import { cursorReader, cursorText, isAfter, placeOfGroup } from "./cursor.ts";
import { askedJobs, askedLimit, badCursor, strangeParameter } from "./ownquery.ts";
import type { Asked, Route } from "./route.ts";

/**
 * `GET /api/v1/groups?job&limit&cursor`: target groups with their versions, for whoever follows the events and needs a
 * state to begin with. By provider and source; an event is news to it when its version is later than the group's here.
 */
export const groupsRoute: Route = {
  path: "api/v1/groups",
  answer: async (asked, { lists }) => {
    const query = readQuery(asked);
    if ("statusCode" in query) return query;
    const { views } = await lists.read(query.providers);
    return success(pageOf(views, query));
  },
};

interface Query {
  /** In alphabetical order. */
  readonly providers: readonly string[];
  readonly limit: number;
  /** Provider and source. */
  readonly after: readonly [string, string] | undefined;
}

const readQuery = (asked: Asked): Query | Answer => {
  const { query } = asked.request;
  const strange = strangeParameter(query, ["job", "limit", "cursor"]);
  if (strange !== undefined) return strange;
  const jobs = askedJobs(asked);
  if ("statusCode" in jobs) return jobs;
  const limit = askedLimit(query, { usual: 500, most: 5000 });
  if (typeof limit !== "number") return limit;
  const cursor = query.get("cursor");
  const after = cursor === null ? undefined : readCursor(cursor);
  if (cursor !== null && after === undefined) return badCursor;
  const names = new Set(jobs.map(({ name }) => name));
  const providers = asked.plan.providers.filter((provider) => provider.jobs.some((name) => names.has(name)));
  return { providers: providers.map(({ id }) => id).sort(), limit, after };
};

const readCursor = cursorReader(placeOfGroup);

const pageOf = (views: Views, { limit, after }: Query) => {
  const groups: ReturnType<typeof shown>[] = [];
  let bytes = 0;
  for (const [provider, view] of views) {
    for (const entry of view.sorted()) {
      if (after !== undefined && !isAfter([provider, entry.source], after)) continue;
      const last = groups.at(-1);
      if (last !== undefined && (groups.length === limit || bytes > mostBytes)) {
        return { groups, cursor: cursorText([last.provider, last.source]) };
      }
      groups.push(shown(provider, entry));
      bytes += JSON.stringify(entry.group).length;
    }
  }
  return { groups, cursor: null };
};

/** A page is answered in one go; groups of a megabyte each come in smaller ones. */
const mostBytes = 4_000_000;

const shown = (provider: string, { source, version, hash, group }: Live) => ({
  provider,
  source,
  version,
  hash,
  group,
});
