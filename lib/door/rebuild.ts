import type { Bus } from "../bus/bus.ts";
import type { PlanReader } from "../discovery/current.ts";
import type { Provider } from "../discovery/provider.ts";
import { nextEpoch } from "../lease/epoch.ts";
import type { Leases } from "../lease/lease.ts";
import type { Log } from "../log.ts";
import type { Rebuilds } from "../pool/rebuild.ts";
import { type DiscoveryDue, discoveryDue } from "../targetgroup/event.ts";
import { admit, isRefusal } from "./admit.ts";
import { type Answer, failure, success } from "./answer.ts";
import { isRequest, readRequest } from "./request.ts";
import { visibleProviders } from "./visible.ts";

export interface RebuildOrderParts {
  readonly plan: PlanReader;
  readonly leases: Pick<Leases, "last">;
  readonly rebuilds: Pick<Rebuilds, "ask">;
  readonly bus: Bus;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
}

/**
 * `POST /api/v1/rebuild?provider=ID`, `?cluster=NAME` or `?all=true` has everything of these providers announced and written
 * anew (ADR 17): 202 with which, 400 for any other question, 404 when there are none. Anything else is the business of `others`.
 */
export const answerRebuild =
  <Other>(parts: RebuildOrderParts, others: (event: unknown) => Promise<Other>) =>
  async (event: unknown): Promise<Answer | Other> => {
    if (!isRequest(event)) return others(event);
    const request = readRequest(event);
    if (request.path !== "api/v1/rebuild") return others(event);
    const plan = await parts.plan();
    const tokens = plan?.settings.tokens ?? [];
    const access = admit(request, { tokens, now: parts.clock(), operate: true });
    if (isRefusal(access)) return access;
    const question = questionIn(request.query);
    if (question === undefined) return failure(400, "bad_data", usage);
    const asked = (plan === undefined ? [] : visibleProviders(plan, access)).filter(question.isAsked);
    if (asked.length === 0) return failure(404, "not_found", `there is no ${question.words}`);
    return order(asked, parts);
  };

const usage = "expected exactly one of provider=ID, cluster=NAME and all=true";

const questionIn = (query: URLSearchParams) => {
  const [[name, value] = ["", ""], ...more] = [...query];
  if (more.length > 0 || value === "") return undefined;
  const words = `${name} ${value}`;
  if (name === "provider") return { words, isAsked: ({ id }: Provider) => id === value };
  if (name === "cluster") return { words, isAsked: ({ cluster }: Provider) => cluster === value };
  if (name === "all" && value === "true") return { words: "provider", isAsked: () => true };
  return undefined;
};

/** A relay sees it within seconds; who is looked at by the schedule is due now. */
const order = async (
  providers: readonly Provider[],
  { leases, rebuilds, bus, clock, log }: RebuildOrderParts,
) => {
  const clusters = [...new Set(providers.map(({ cluster }) => cluster))];
  const epochs = new Map<string, number>();
  for (const cluster of clusters)
    epochs.set(cluster, nextEpoch((await leases.last(cluster))?.epoch, clock()));
  for (const { id, cluster } of providers) await rebuilds.ask(id, epochs.get(cluster) ?? 1);
  const due = clusters.filter((name) =>
    providers.some(({ cluster, follow }) => cluster === name && follow === "schedule"),
  );
  await bus.put(
    due.map((cluster) => ({
      detailType: discoveryDue,
      detail: { schema: 1, cluster } satisfies DiscoveryDue,
    })),
  );
  log.warn("rebuild ordered", { providers: providers.map(({ id }) => id) });
  const told = providers.map(({ id, cluster, jobs }) => ({
    provider: id,
    cluster,
    jobs,
    epoch: epochs.get(cluster),
  }));
  const answer = success({ providers: told });
  return { ...answer, statusCode: 202 };
};
