import type { Live, ProviderView } from "../pool/view.ts";
import { hashmod } from "../relabel/hashmod.ts";
import type { LabelSet, TargetGroup } from "../targetgroup/targetgroup.ts";

/** One of `of` equal parts of a job's targets, counted from 0. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The part that a target falls into: what the documented recipe for fleets of scrapers computes, `hashmod` of
 * `__address__` as discovered. So each target is in exactly one part, and a scraper that shards by its own rules agrees.
 */
export const shardOf = (target: LabelSet, of: number): number => Number(hashOf(target) % BigInt(of));

/** That of each target of the group. What is hashed is remembered: a fleet asks for one part after the other. */
export const shardsOf = (group: TargetGroup, of: number): number[] => {
  const known = hashes.get(group) ?? group.targets.map(hashOf);
  hashes.set(group, known);
  return known.map((hash) => Number(hash % BigInt(of)));
};

/**
 * The groups that have a target in the shard, in the view's order. Sorted out for all shards at once: a fleet asks for one
 * after the other, and each would otherwise look at every group.
 */
export const groupsInShard = (view: ProviderView, { index, of }: Shard): readonly Live[] => {
  const known = sorted.get(view) ?? new Map<number, Live[][]>();
  sorted.set(view, known);
  const before = known.get(of);
  if (before !== undefined) return before[index]!;
  const shards = sortOut(view, of);
  // Fleets of several sizes may read one job, but not many.
  if (known.size >= mostSizes) known.clear();
  known.set(of, shards);
  return shards[index]!;
};

const sortOut = (view: ProviderView, of: number): Live[][] => {
  const shards = Array.from({ length: of }, (): Live[] => []);
  for (const entry of view.sorted())
    for (const shard of shardsOf(entry.group, of))
      if (shards[shard]!.at(-1) !== entry) shards[shard]!.push(entry);
  return shards;
};

const sorted = new WeakMap<ProviderView, Map<number, Live[][]>>();
const mostSizes = 4;

/** The query `?shard=…&of=…` as it came; undefined when neither is there, and an error that says what is allowed. */
export const parseShard = (
  shard: string | undefined,
  of: string | undefined,
): { readonly shard: Shard | undefined } | { readonly error: string } => {
  if (shard === undefined && of === undefined) return { shard: undefined };
  if (shard === undefined || of === undefined) return { error: "shard and of go together: ?shard=0&of=4" };
  const count = wholeNumber(of);
  if (count === undefined || count < 1 || count > mostShards) {
    return { error: `of must be a whole number from 1 to ${mostShards}` };
  }
  const index = wholeNumber(shard);
  if (index === undefined || index >= count) {
    return { error: `shard must be a whole number from 0 to ${count - 1}, since of is ${count}` };
  }
  return { shard: { index, of: count } };
};

const hashOf = ({ __address__ = "" }: LabelSet): bigint => hashmod(__address__.toWellFormed(), 2n ** 64n);

const hashes = new WeakMap<TargetGroup, readonly bigint[]>();

const mostShards = 10_000;

const wholeNumber = (text: string): number | undefined =>
  /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : undefined;
