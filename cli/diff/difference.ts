import * as z from "zod";
import type { LabelSet } from "../../lib/targetgroup/targetgroup.ts";
import type { Effects } from "./effect.ts";

/** What a proposed job would do to the targets there are now. */
export interface JobDifference {
  /** Scraped now, and then as far as it can be known; targets that end alike count once. */
  readonly before: number;
  readonly after: number;
  readonly gained: readonly LabelSet[];
  readonly lost: readonly LabelSet[];
  readonly relabelled: readonly Relabelled[];
  /** Came, went or changed while we looked, and were left out. */
  readonly moving: number;
}

export interface Relabelled {
  readonly before: LabelSet;
  readonly after: LabelSet;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/**
 * Compares what is scraped by final labels: a target is lost when nobody ends as it did, and its own labels are not merely
 * others now. `isSettled` tells providers that both sides were read of: what only one side saw of them moved in between.
 */
export const differenceOf = (
  before: Effects,
  after: Effects,
  isSettled: (provider: string) => boolean,
): JobDifference => {
  const moving = new Set([...movers(before, after, isSettled), ...movers(after, before, isSettled)]);
  const finals = (effects: Effects) =>
    new Set(
      [...effects].flatMap(([key, { final }]) => (final === undefined || moving.has(key) ? [] : [final])),
    );
  const [were, are] = [finals(before), finals(after)];
  const lost = new Set<string>();
  const changed = new Map<string, string>();
  for (const [key, { final }] of before) {
    if (final === undefined || moving.has(key) || are.has(final)) continue;
    const next = after.get(key)?.final;
    if (next === undefined) lost.add(final);
    else changed.set(final, next);
  }
  // One of several that ended alike may go on under other labels.
  for (const final of changed.keys()) lost.delete(final);
  const known = new Set([...were, ...changed.values()]);
  const gained = [...are].filter((final) => !known.has(final));
  return {
    before: were.size,
    after: are.size,
    gained: gained.map(labelsIn),
    lost: [...lost].map(labelsIn),
    relabelled: [...changed].map(([from, to]) => relabelled(labelsIn(from), labelsIn(to))),
    moving: moving.size,
  };
};

const movers = (some: Effects, others: Effects, isSettled: (provider: string) => boolean) =>
  [...some].flatMap(([key, { provider }]) => (isSettled(provider) && !others.has(key) ? [key] : []));

const pairs = z.array(z.tuple([z.string(), z.string()]));
const labelsIn = (final: string): LabelSet => Object.fromEntries(pairs.parse(JSON.parse(final)));

const relabelled = (before: LabelSet, after: LabelSet): Relabelled => ({
  before,
  after,
  added: Object.keys(after).filter((name) => before[name] === undefined),
  removed: Object.keys(before).filter((name) => after[name] === undefined),
  changed: Object.keys(after).filter((name) => before[name] !== undefined && before[name] !== after[name]),
});
