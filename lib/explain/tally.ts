import type { Provider } from "../discovery/provider.ts";
import type { JobWorld } from "./answer.ts";
import type { FoundTargets } from "./find.ts";
import { createJudge, isServed, type Judged } from "./judge.ts";
import type { Reason } from "./reason.ts";
import type { Trouble } from "./trouble.ts";

/**
 * What an answer tells of its targets, counted in one pass and without keeping them: a question may be about all that a job
 * has.
 */
export interface Tally {
  readonly count: number;
  readonly served: number;
  /** Of which rules or a mistake in the target made nothing. */
  readonly leftOut: number;
  readonly firstLeftOut: Judged | undefined;
  /** The first with each reason. */
  readonly firstOf: ReadonlyMap<Reason, Judged>;
  readonly first: Judged | undefined;
  /** The first that is not served. */
  readonly missed: Judged | undefined;
  readonly trouble: Trouble | undefined;
  readonly providers: ReadonlySet<Provider>;
  readonly sources: ReadonlySet<string>;
  /** Into which they fall; empty where no shard was asked for. */
  readonly shards: ReadonlySet<number>;
  /** As many as are shown, those that are not served in front. */
  readonly samples: readonly Judged[];
}

export const tally = (found: FoundTargets, world: JobWorld, most: number): Tally => {
  const counted = begun();
  const served: Judged[] = [];
  const missed: Judged[] = [];
  for (const [id, targets] of found) {
    const provider = world.providers.find((one) => one.id === id);
    if (provider === undefined) continue;
    const judge = createJudge(provider, world);
    for (const target of targets) {
      const one = judge(target);
      count(counted, one);
      const samples = isServed(one) ? served : missed;
      if (samples.length < most) samples.push(one);
    }
  }
  return { ...counted, missed: missed[0], samples: [...missed, ...served].slice(0, most) };
};

const begun = () => ({
  count: 0,
  served: 0,
  leftOut: 0,
  first: undefined as Judged | undefined,
  firstLeftOut: undefined as Judged | undefined,
  trouble: undefined as Trouble | undefined,
  firstOf: new Map<Reason, Judged>(),
  providers: new Set<Provider>(),
  sources: new Set<string>(),
  shards: new Set<number>(),
});

const count = (counted: ReturnType<typeof begun>, one: Judged): void => {
  counted.count += 1;
  if (isServed(one)) counted.served += 1;
  if (one.outcome.state !== "active") {
    counted.leftOut += 1;
    counted.firstLeftOut ??= one;
  }
  counted.first ??= one;
  counted.trouble ??= one.trouble;
  if (!counted.firstOf.has(one.reason)) counted.firstOf.set(one.reason, one);
  counted.providers.add(one.provider);
  counted.sources.add(one.entry.source);
  if (one.shard !== undefined) counted.shards.add(one.shard);
};
