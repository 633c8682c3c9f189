import { type Answer, failure, success } from "../door/answer.ts";
import { cursorText, positionIn } from "../history/cursor.ts";
import { clocksDiffer } from "../history/history.ts";
import type { Change } from "../history/log.ts";
import type { PageQuery } from "../history/page.ts";
import { jobsOf, type Owned, ownedProviders } from "./owned.ts";
import { noHistory } from "./past.ts";
import type { Route } from "./route.ts";
import { momentForms, momentIn } from "./time.ts";

/** `GET /api/v1/changes?job&source&since&until&limit&cursor`: what was added, changed and removed, the newest first. */
export const changesRoute: Route = {
  path: "api/v1/changes",
  answer: async (asked, { history, clock }) => {
    const { query } = asked.request;
    const earliest = await history.earliest();
    if (asked.plan.settings.history.retention === 0 || earliest === undefined) return noHistory();
    const owned = await ownedProviders(asked, history);
    const read = readQuery(query, owned, { earliest, now: clock() });
    if ("statusCode" in read) return read;
    const { changes, next } = await history.changes(read);
    const owners = new Map(owned.map((owner) => [owner.id, owner]));
    return success({
      changes: changes.filter(isNews).map((change) => shown(change, owners.get(change.provider))),
      ...(next && { cursor: cursorText(next, questionOf(query)) }),
      earliest: new Date(earliest).toISOString(),
    });
  },
};

const parameters = ["job", "source", "since", "until", "limit", "cursor"];
const defaultLimit = 100;
const mostLimit = 500;

const readQuery = (
  query: URLSearchParams,
  owned: readonly Owned[],
  { earliest, now }: { earliest: number; now: number },
): PageQuery | Answer => {
  const known = [...query.keys()].find((name) => !parameters.includes(name) || query.getAll(name).length > 1);
  if (known !== undefined) {
    return bad(`the parameter ${known} is not known or given twice; there are: ${parameters.join(", ")}`);
  }
  const [job, source] = [query.get("job"), query.get("source")];
  const providers = owned.filter(({ jobs }) => job === null || jobs.includes(job)).map(({ id }) => id);
  if (job !== null && providers.length === 0) {
    const jobs = jobsOf(owned);
    return failure(404, "not_found", `no such job: ${job}; there are: ${jobs.join(", ")}`, { jobs });
  }
  const range = readRange(query, { earliest, now });
  if ("statusCode" in range) return range;
  const limit = query.get("limit") ?? String(defaultLimit);
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > mostLimit)
    return bad(`limit must be a whole number from 1 to ${mostLimit}, not ${limit}`);
  const cursor = query.get("cursor");
  const after = cursor === null ? undefined : positionIn(cursor, questionOf(query));
  if (cursor !== null && (after === undefined || after.at > range.until))
    return bad("the cursor is none, or belongs to other parameters; begin again without it");
  return {
    providers,
    ...range,
    most: Number(limit),
    ...(source !== null && { source }),
    ...(after && { after }),
  };
};

const readRange = (
  query: URLSearchParams,
  { earliest, now }: { earliest: number; now: number },
): { since: number; until: number } | Answer => {
  const [since, until] = ["since", "until"].map((name) => {
    const text = query.get(name);
    return text === null ? undefined : (momentIn(text) ?? Number.NaN);
  });
  if (Number.isNaN(since)) return bad(`since must be ${momentForms}`);
  if (Number.isNaN(until)) return bad(`until must be ${momentForms}`);
  if (since !== undefined && until !== undefined && since > until) return bad("since lies after until");
  return { since: Math.max(since ?? 0, earliest), until: Math.min(until ?? Infinity, now + clocksDiffer) };
};

/** A rebuild writes everything anew; what was the same before is no change. */
const isNews = ({ before, after }: Change) =>
  before === undefined || before.removed || after.removed || before.hash !== after.hash;

/** What has to be the same for a cursor to fit; a page's size may differ. */
const questionOf = (query: URLSearchParams) =>
  ["job", "source", "since", "until"].map((name) => query.get(name));

const bad = (error: string) => failure(400, "bad_data", error);

const shown = (
  { at, provider, source, version, before, after, labels }: Change,
  owner: Owned | undefined,
) => ({
  at: new Date(at).toISOString(),
  provider,
  cluster: owner?.cluster ?? "",
  jobs: owner?.jobs ?? [],
  source,
  change: after.removed ? "removed" : before === undefined || before.removed ? "added" : "updated",
  targetsBefore: before?.targets ?? 0,
  targetsAfter: after.targets,
  labels,
  version,
});
