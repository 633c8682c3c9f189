import type { Bus } from "../bus/bus.ts";
import type { GuardSettings } from "../config/settings.ts";
import type { Discoverer, Outcome } from "../discovery/discoverer.ts";
import type { Provider } from "../discovery/provider.ts";
import { reasonOf } from "../errors.ts";
import type { Holding } from "../lease/hold.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { Held, PoolIndex } from "../pool/pool.ts";
import type { Releases } from "../pool/release.ts";
import type { ProviderStatus, Statuses } from "../pool/status.ts";
import type { Announcement } from "./announce.ts";
import { type Change, type Comparison, compare, removal } from "./compare.ts";
import { type GuardAnswer, guard } from "./guard.ts";
import { tellHealth, tellTrip } from "./notice.ts";
import { type Conclusion, statusAfter, statusBegunAnew } from "./record.ts";

export interface LookParts {
  readonly discover: Discoverer;
  readonly pool: PoolIndex;
  readonly statuses: Pick<Statuses, "put" | "remove">;
  readonly releases: Releases;
  readonly announce: (announcement: Announcement) => Promise<void>;
  /** For what is no target group: that a guard tripped, that a provider's health changed. */
  readonly bus: Bus;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
  readonly meter: Meter;
}

export interface LookRequest {
  /** The cluster's providers in the accepted configuration. */
  readonly providers: readonly Provider[];
  /** Records of this cluster's providers, those that the configuration no longer has among them. */
  readonly known: readonly ProviderStatus[];
  /** Above which a look's removals wait to be confirmed. */
  readonly limits: GuardSettings;
  readonly lease: Holding;
  /** Counts the events of this lease, where more than this look announces under it. */
  readonly sequence?: { next: number };
  readonly signal: AbortSignal;
}

/** What a look announced, per provider. */
export interface Seen {
  readonly provider: string;
  readonly error: string;
  readonly announced: number;
}

/**
 * One look at one cluster under its lease: discover, compare with what the pool holds, announce the difference,
 * write down how it went. A provider that fails publishes nothing and keeps what it had; the others go on (promise 3).
 */
export const lookAt = async (request: LookRequest, parts: LookParts): Promise<Seen[]> => {
  const startedAt = parts.clock();
  const indexes = new Map(request.providers.map(({ id }) => [id, settled(parts.pool.index(id))]));
  const outcomes = await parts.discover(request.providers, request.signal);
  const sequence = request.sequence ?? { next: 1 };
  const context = { ...request, ...parts, startedAt, sequence };
  const seen: Seen[] = [];
  for (const outcome of outcomes) {
    seen.push(await conclude(outcome, await indexes.get(outcome.provider.id)!, context));
  }
  const planned = new Set(request.providers.map(({ id }) => id));
  for (const status of request.known) {
    if (!planned.has(status.provider)) seen.push(await retire(status, context));
  }
  return seen;
};

type Context = LookRequest & LookParts & { startedAt: number; sequence: { next: number } };

/** Read while the look goes on; a failure waits here until somebody asks. */
const settled = (reading: Promise<ReadonlyMap<string, Held>>) =>
  reading.then(
    (index) => ({ index }),
    (error: unknown) => ({ error }),
  );
type Index = Awaited<ReturnType<typeof settled>>;

const conclude = async (outcome: Outcome, index: Index, context: Context): Promise<Seen> => {
  const { provider } = outcome;
  if ("error" in outcome) return note(provider, { error: reasonOf(outcome.error) }, context);
  if ("error" in index) {
    return note(provider, { error: `the pool could not be read: ${reasonOf(index.error)}` }, context);
  }
  let compared: Comparison;
  let guarded: GuardAnswer;
  try {
    compared = compare(outcome.look, index.index);
    guarded = await guardedBy(provider, compared.changes, { ...context, ...index });
    await announceAll(provider, guarded.out, context);
    await tellTrip({ provider, guarded, limits: context.limits }, context);
  } catch (error) {
    return note(provider, { error: `not everything was announced: ${reasonOf(error)}` }, context);
  }
  const error = outcome.look.problems.join("; ");
  const { out: changes, held } = guarded;
  // What the guard holds back is still there.
  const sources = compared.sources + (held?.sources ?? 0);
  const targets = compared.targets + (held?.targets ?? 0);
  const { files } = outcome.look;
  const counts = { sources, targets, heldBefore: compared.held };
  const learned = { error, changes, guard: held, ...counts, ...(files && { files }) };
  return note(provider, learned, context);
};

/** Only where something is held back does anybody ask whether it was let go. */
const guardedBy = async (
  provider: Provider,
  changes: readonly Change[],
  context: Context & { index: ReadonlyMap<string, Held> },
): Promise<GuardAnswer> => {
  const { index, limits, startedAt, releases } = context;
  const before = recordOf(provider, context)?.guard;
  const released = before !== undefined && (await releases.released(provider.id)) === before.since;
  return guard({ changes, index, limits, before, released, now: startedAt, every: provider.every });
};

const note = async (provider: Provider, conclusion: Conclusion, context: Context): Promise<Seen> => {
  const before = recordOf(provider, context);
  const span = { startedAt: context.startedAt, endedAt: context.clock() };
  const after = statusAfter(provider, { ...conclusion, ...span, before });
  // Whoever holds the lease by now has a newer record.
  if (context.clock() < context.lease.expiresAt()) {
    await tellHealth({ before, after, now: span.endedAt }, context);
    await context.statuses.put(after);
  }
  const seen = { provider: provider.id, error: conclusion.error, announced: conclusion.changes?.length ?? 0 };
  context.meter.add("LookFailures", conclusion.error === "" ? 0 : 1);
  if (conclusion.error === "") context.log.info("looked", seen);
  else context.log.warn("look failed", seen);
  return seen;
};

const recordOf = (provider: Provider, { known }: Context) =>
  known.find((status) => status.provider === provider.id);

const announceAll = (
  provider: { id: string; cluster: string; jobs: readonly string[] },
  changes: readonly Change[],
  { announce, lease, sequence, clock }: Context,
) => announce({ provider, changes, lease, sequence, observedAt: clock() });

/** A provider gone from the configuration: its groups are removed, then its record, once nothing is left of it. */
const retire = async (status: ProviderStatus, context: Context): Promise<Seen> => {
  const index = await context.pool.index(status.provider);
  const left = [...index].filter(([, held]) => !held.removed).map(([source]) => removal(source));
  await announceAll({ id: status.provider, cluster: status.cluster, jobs: status.jobs }, left, context);
  if (left.length === 0) await context.statuses.remove(status.provider);
  else await context.statuses.put(statusBegunAnew(status));
  context.log.info("retired", { provider: status.provider, removed: left.length });
  return { provider: status.provider, error: "", announced: left.length };
};
