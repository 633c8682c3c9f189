import type { GuardSettings } from "../config/settings.ts";
import type { Held } from "../pool/pool.ts";
import type { HeldBack } from "../pool/status.ts";
import type { Change } from "./compare.ts";

export interface GuardQuestion {
  /** What the look would announce. */
  readonly changes: readonly Change[];
  /** What the pool has of the provider. */
  readonly index: ReadonlyMap<string, Held>;
  readonly limits: GuardSettings;
  /** What an earlier look held back, from the provider's record. */
  readonly before: HeldBack | undefined;
  /** Somebody let that go. */
  readonly released: boolean;
  /** When the look began, Unix milliseconds. */
  readonly now: number;
  /** Milliseconds between looks. */
  readonly every: number;
}

export interface GuardAnswer {
  /** What is announced now. */
  readonly out: readonly Change[];
  /** What is not; the next look finds it again, since a look compares with the pool. */
  readonly held: HeldBack | undefined;
  /** Present when this look is the first to hold something back. */
  readonly tripped?: { readonly lost: number; readonly targets: number };
}

/**
 * Promise 4: removals of a look that would take too large a share of a provider's targets wait until a look at
 * least one interval later says the same, or somebody lets them go. Targets count as lost when their source vanished
 * and when an updated source has fewer of them; held are only vanished sources, for an update is what its source
 * now says of itself, while absence is what a fault looks like, too (ADR 11).
 *
 * | would exceed | held so far                 | removals   | afterwards        |
 * |--------------|-----------------------------|------------|-------------------|
 * | no           | anything                    | go out     | nothing held      |
 * | yes          | nothing                     | are held   | held since now    |
 * | yes          | for less than an interval   | are held   | held since before |
 * | yes          | for an interval, or let go  | go out     | nothing held      |
 */
export const guard = (question: GuardQuestion): GuardAnswer => {
  const { changes, index, before } = question;
  const removed = changes.filter(({ kind }) => kind === "removed");
  if (removed.length === 0) return { out: changes, held: undefined };
  const targets = sum([...index.values()].map(targetsOf));
  const lost = sum(changes.map((change) => lostBy(change, index)));
  if (!exceeds(lost, targets, question.limits) || isSettled(question)) {
    return { out: changes, held: undefined };
  }
  const held = {
    since: before?.since ?? question.now,
    sources: removed.length,
    targets: sum(removed.map((change) => lostBy(change, index))),
  };
  const out = changes.filter(({ kind }) => kind !== "removed");
  return { out, held, ...(before === undefined && { tripped: { lost, targets } }) };
};

/**
 * A schedule fires a little early or late; a look this close to an interval later counts. `tick` grants the same. Of an
 * interval of seconds, as a relay keeps it, it is a tenth, so that it stays an interval.
 */
const slackOf = (every: number) => Math.min(5_000, every / 10);

const isSettled = ({ before, released, now, every }: GuardQuestion) =>
  before !== undefined && (released || now - before.since >= every - slackOf(every));

const exceeds = (lost: number, targets: number, { maxRemoved, minRemoved }: GuardSettings) =>
  lost > minRemoved && lost / targets > maxRemoved;

const lostBy = ({ kind, group }: Change, index: ReadonlyMap<string, Held>) =>
  kind === "added" ? 0 : Math.max(0, targetsOf(index.get(group.source)) - group.targets.length);

const targetsOf = (held: Held | undefined) => (held === undefined || held.removed ? 0 : held.targets);

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
