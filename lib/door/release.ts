import type { Bus } from "../bus/bus.ts";
import type { PlanReader } from "../discovery/current.ts";
import type { Provider } from "../discovery/provider.ts";
import type { Log } from "../log.ts";
import type { Releases } from "../pool/release.ts";
import type { Statuses } from "../pool/status.ts";
import { type DiscoveryDue, discoveryDue } from "../targetgroup/event.ts";
import { admit, isRefusal } from "./admit.ts";
import { type Answer, failure, success } from "./answer.ts";
import { isRequest, readRequest } from "./request.ts";
import { visibleProviders } from "./visible.ts";

export interface ReleaseParts {
  readonly plan: PlanReader;
  readonly statuses: Statuses;
  readonly releases: Releases;
  readonly bus: Bus;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
}

/**
 * `POST /api/v1/providers/{provider}/guard/release` lets go what the guard holds back of a provider, and orders the look
 * that announces it: 200 with what that is, 404 for no such provider, 409 when nothing is held. Anything else is the
 * business of `others`.
 */
export const answerRelease =
  <Other>(parts: ReleaseParts, others: (event: unknown) => Promise<Other>) =>
  async (event: unknown): Promise<Answer | Other> => {
    if (!isRequest(event)) return others(event);
    const request = readRequest(event);
    const provider = path.exec(request.path)?.[1];
    if (provider === undefined) return others(event);
    const plan = await parts.plan();
    const tokens = plan?.settings.tokens ?? [];
    const access = admit(request, { tokens, now: parts.clock(), operate: true });
    if (isRefusal(access)) return access;
    // The provider of jobs that the token may not read is not there for it.
    const visible = plan === undefined ? [] : visibleProviders(plan, access);
    return release(
      visible.find(({ id }) => id === provider),
      provider,
      parts,
    );
  };

const path = /^api\/v1\/providers\/([^/]+\/[^/]+)\/guard\/release$/;

const release = async (
  provider: Provider | undefined,
  id: string,
  { statuses, releases, bus, log }: ReleaseParts,
): Promise<Answer> => {
  if (provider === undefined) return failure(404, "not_found", `no such provider: ${id}`);
  const held = (await statuses.list()).find((status) => status.provider === id)?.guard;
  if (held === undefined) return failure(409, "conflict", `nothing is held back of ${id}`);
  await releases.release(id, held.since);
  const detail: DiscoveryDue = { schema: 1, cluster: provider.cluster };
  await bus.put([{ detailType: discoveryDue, detail }]);
  log.warn("guard released: the next look announces what was held", { provider: id, ...held });
  const { sources, targets } = held;
  return success({ provider: id, since: new Date(held.since).toISOString(), sources, targets });
};
