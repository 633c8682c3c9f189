import type { Job } from "../config/configuration.ts";
import type { Provider } from "../discovery/provider.ts";
import { type Answer, failure, jsonBytes, tagged, text } from "../door/answer.ts";
import { hasAlready } from "../door/present.ts";
import type { List } from "../httpsd/list.ts";
import { narrowedTag } from "../httpsd/narrowed.ts";
import { sizeOver } from "../httpsd/pieces.ts";
import type { ProviderStatus } from "../pool/status.ts";
import { mostBytes, tooLate } from "./arrival.ts";
import { findJob, unsure } from "./job.ts";
import { listAt } from "./past.ts";
import type { Asked, Route, ServeParts } from "./route.ts";
import { parseSdQuery, type SdQuery } from "./sdquery.ts";

/** `GET /sd/{job+}`: the list of one job, or an error status when it is not known: a scraper then keeps what it had. */
export const sdRoute: Route = {
  path: "sd/",
  answer: async (asked, parts) => {
    const { request, plan, rest } = asked;
    if (request.query.has("at")) return listAt(asked, parts);
    const query = parseSdQuery(request.query, parts.polling);
    if ("error" in query) return failure(400, "bad_data", query.error);
    const name = findJob(rest, plan);
    const job = plan.configuration.jobs.find((one) => one.name === name);
    if (job === undefined) {
      const jobs = plan.configuration.jobs.map((one) => one.name);
      return failure(404, "not_found", `no such job: ${rest}; there are: ${jobs.join(", ")}`, { jobs });
    }
    const all = plan.providers.filter(({ jobs }) => jobs.includes(job.name));
    const providers = all.filter(({ cluster }) => query.cluster === undefined || query.cluster === cluster);
    // A token's misspelt glob, or a cluster that got another name, is no empty list either.
    if (all.length === 0 && job.sdConfigs.length > 0 && !asked.access.readsEveryCluster) {
      return failure(503, "unavailable", `job ${job.name}: none of its clusters may be read with this token`);
    }
    if (providers.length === 0 && query.cluster !== undefined) return noCluster(query.cluster, all);
    return changedList({ job, providers, query }, asked, parts);
  },
};

interface Wanted {
  readonly job: Job;
  readonly providers: readonly Provider[];
  readonly query: SdQuery;
}

/** A misspelt cluster is not an empty one: a scraper would drop all it had. */
const noCluster = (cluster: string, providers: readonly Provider[]): Answer => {
  const clusters = [...new Set(providers.map((provider) => provider.cluster))].sort();
  return failure(400, "bad_data", `the job has no cluster ${cluster}; it has: ${clusters.join(", ")}`);
};

/** The list, once it is another than the reader has; at once for a reader that does not wait. */
const changedList = async (wanted: Wanted, asked: Asked, parts: ServeParts): Promise<Answer> => {
  const { after } = wanted.query;
  const first = await currentList(wanted, asked, parts);
  if (after === undefined || parts.polling === undefined || first.headers.ETag !== weak(after.tag))
    return first;
  const ids = wanted.providers.map(({ id }) => id);
  const look = async () => tagOf(wanted, await parts.lists.read(ids));
  const ended = await parts.polling.wait({ look, known: after.tag, wait: after.wait });
  if (ended === "changed") return currentList(wanted, asked, parts);
  if (ended === "full")
    return failure(429, "unavailable", "too many readers are waiting for a change already");
  return tagged(text(204, ""), after.tag);
};

const currentList = async (wanted: Wanted, { request }: Asked, parts: ServeParts): Promise<Answer> => {
  const { job, providers, query } = wanted;
  const { lists, doorSpeed = 0 } = parts;
  const ids = providers.map(({ id }) => id);
  // Whoever says what it has wants to know no more than whether that still holds: then both are read at once.
  const early = request.headers["if-none-match"] === undefined ? undefined : lists.read(ids);
  const [statuses, seen] = await Promise.all([parts.statuses.list(), early]);
  if (seen !== undefined && unsureOf(providers, statuses, seen) === undefined) {
    const tag = tagOf(wanted, seen);
    // It becomes a 304 on its way out: nothing has to be relabelled or rendered for that.
    if (hasAlready(request, weak(tag))) return tagged(text(200, ""), tag);
  }
  // After the records: one that says it is filled must not be newer than what is served for it.
  const whole = await lists.read(ids);
  const reason = unsureOf(providers, statuses, whole);
  if (reason !== undefined) return failure(503, "unavailable", `job ${job.name}: ${reason}`);
  const tag = tagOf(wanted, whole);
  const { narrowing } = query;
  const narrowed = narrowing.key === "" ? undefined : await lists.narrow(whole, { job, narrowing });
  const most = mostBytes(request, doorSpeed);
  const tooMany = narrowed === undefined ? whole.sizeOver(most) : sizeOver(narrowed.pieces, most);
  if (tooMany !== undefined) {
    return failure(413, "too_large", `job ${job.name}: ${tooLate(request, tooMany, lessOfIt)}`);
  }
  const sent = (bytes: number) => parts.meter.add("ListBytes", bytes);
  const body = jsonBytes(() => narrowed?.pieces ?? whole.pieces(), sent);
  return tagged(withLeftOut(body, narrowed?.leftOut), tag);
};

const unsureOf = (providers: readonly Provider[], statuses: readonly ProviderStatus[], { views }: List) =>
  unsure(providers, statuses, new Map([...views].map(([id, { entries }]) => [id, entries.size])));

const lessOfIt =
  "ask for a part of the list with ?shard=0&of=4, or for final targets with ?relabel=true, or for both";

const tagOf = ({ job, query: { narrowing } }: Wanted, whole: Parameters<typeof narrowedTag>[0]): string =>
  narrowing.key === "" ? whole.tag : narrowedTag(whole, { job, narrowing });

const weak = (tag: string) => `W/"${tag}"`;

const withLeftOut = (answer: Answer, leftOut: { dropped: number; failed: number } | undefined): Answer => {
  if (leftOut === undefined) return answer;
  const counted = `dropped=${leftOut.dropped}, failed=${leftOut.failed}`;
  return { ...answer, headers: { ...answer.headers, "X-Rollcall-Left-Out": counted } };
};
