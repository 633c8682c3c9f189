import { type Answer, failure, jsonBytes } from "../door/answer.ts";
import { renderOnce } from "../httpsd/past.ts";
import { sizeOver } from "../httpsd/pieces.ts";
import { parseShard } from "../httpsd/shard.ts";
import type { ProviderView } from "../pool/view.ts";
import { mostBytes, tooLate } from "./arrival.ts";
import { decoded } from "./job.ts";
import { jobsOf, type Owned, ownedProviders } from "./owned.ts";
import { bad, strangeParameter } from "./ownquery.ts";
import type { Asked, ServeParts } from "./route.ts";
import { momentForms, momentIn } from "./time.ts";

/** `GET /sd/{job+}?at=TIME&shard&of`: the job's list as it was then, or one shard of it. */
export const listAt = async (asked: Asked, parts: ServeParts): Promise<Answer> => {
  const { query } = asked.request;
  const strange = strangeParameter(query, ["at", "shard", "of"]);
  if (strange !== undefined) return strange;
  const parsed = parseShard(query.get("shard") ?? undefined, query.get("of") ?? undefined);
  if ("error" in parsed) return bad(parsed.error);
  const { history, clock } = parts;
  const earliest = await history.earliest();
  if (asked.plan.settings.history.retention === 0 || earliest === undefined) return noHistory();
  const at = momentIn(query.get("at") ?? "");
  if (at === undefined) return bad(`at must be ${momentForms}`);
  if (at < earliest) return bad(`history begins at ${new Date(earliest).toISOString()}, after that time`);
  if (at > clock()) return bad("that time has not come yet");
  const owned = await ownedProviders(asked, history);
  const job = [decoded(asked.rest), asked.rest].find((name) => name !== undefined && isJob(name, owned));
  if (job === undefined) {
    const jobs = jobsOf(owned);
    return failure(404, "not_found", `no such job: ${asked.rest}; there are: ${jobs.join(", ")}`, { jobs });
  }
  const providers = owned.filter(({ jobs }) => jobs.includes(job));
  const views = await Promise.all(providers.map((provider) => viewThen(provider, at, parts)));
  const pieces = renderOnce(views, parsed.shard);
  const tooMany = sizeOver(pieces, mostBytes(asked.request, parts.doorSpeed ?? 0));
  if (tooMany !== undefined) {
    return failure(413, "too_large", `job ${job}: ${tooLate(asked.request, tooMany, lessOfIt)}`);
  }
  return jsonBytes(() => pieces);
};

const lessOfIt = "ask for a part of the list with &shard=0&of=4";

export const noHistory = (): Answer =>
  failure(404, "not_found", "no history is kept: the settings say history: {retention: 0}");

const viewThen = ({ id, isCurrent }: Owned, at: number, { history, lists }: ServeParts) => {
  const live = async (): Promise<ProviderView> => (await lists.read([id])).views.get(id)!;
  return history.viewAt(id, at, isCurrent ? live : undefined);
};

const isJob = (name: string, owned: readonly Owned[]) => owned.some(({ jobs }) => jobs.includes(name));
