import { type Answer, failure, jsonBytes } from "../door/answer.ts";
import { renderOnce } from "../httpsd/past.ts";
import type { ProviderView } from "../pool/view.ts";
import { decoded } from "./job.ts";
import { jobsOf, type Owned, ownedProviders } from "./owned.ts";
import type { Asked, ServeParts } from "./route.ts";
import { momentForms, momentIn } from "./time.ts";

/** `GET /sd/{job+}?at=TIME`: the job's list as it was then. */
export const listAt = async (asked: Asked, parts: ServeParts): Promise<Answer> => {
  const { query } = asked.request;
  const other = [...query.keys()].find((name) => name !== "at" || query.getAll(name).length > 1);
  if (other !== undefined) return bad(`at stands alone; ${other} beside it is not supported`);
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
  return jsonBytes(() => renderOnce(views));
};

export const noHistory = (): Answer =>
  failure(404, "not_found", "no history is kept: the settings say history: {retention: 0}");

const viewThen = ({ id, isCurrent }: Owned, at: number, { history, lists }: ServeParts) => {
  const live = async (): Promise<ProviderView> => (await lists.read([id])).views.get(id)!;
  return history.viewAt(id, at, isCurrent ? live : undefined);
};

const isJob = (name: string, owned: readonly Owned[]) => owned.some(({ jobs }) => jobs.includes(name));

const bad = (error: string) => failure(400, "bad_data", error);
