import type { Provider } from "../discovery/provider.ts";
import type { JobWorld } from "./answer.ts";
import type { Found, FoundTargets } from "./find.ts";
import { createJudge, type Judge, type Judged, type Verdict } from "./judge.ts";
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
  /** The first of them. */
  readonly sources: ReadonlySet<string>;
  /** How many sources; of very many those that two providers have are counted twice. */
  readonly groups: number;
  /** Into which they fall; empty where no shard was asked for. */
  readonly shards: ReadonlySet<number>;
  /** As many as are shown, those that are not served in front. */
  readonly samples: readonly Judged[];
}

export const tally = (found: FoundTargets, world: JobWorld, most: number): Tally => {
  const counted = begun();
  for (const [id, targets] of found) {
    const provider = world.providers.find((one) => one.id === id);
    if (provider === undefined) continue;
    counted.providers.add(provider);
    count(counted, targets, { judge: createJudge(provider, world), most });
  }
  const { missed, shown } = counted;
  return { ...counted, missed: missed[0], samples: [...missed, ...shown].slice(0, most) };
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
  groups: 0,
  shards: new Set<number>(),
  /** The first that are served, and the first that are not. */
  shown: [] as Judged[],
  missed: [] as Judged[],
});

type Counted = ReturnType<typeof begun>;

const count = (
  counted: Counted,
  targets: readonly Found[],
  { judge, most }: { judge: Judge; most: number },
): void => {
  let verdict: Verdict | undefined;
  let entry: Found["entry"] | undefined;
  for (const target of targets) {
    const before = verdict;
    verdict = judge.verdict(target);
    if (target.entry !== entry) {
      entry = target.entry;
      const { size } = counted.sources;
      if (size < mostKept) counted.sources.add(entry.source);
      counted.groups = size < mostKept ? counted.sources.size : counted.groups + 1;
    }
    counted.count += 1;
    if (verdict.isServed) counted.served += 1;
    if (isLeftOut(verdict)) counted.leftOut += 1;
    const samples = verdict.isServed ? counted.shown : counted.missed;
    // Most are as the one before, and there are enough of them.
    if (verdict !== before || samples.length < most) keep(counted, judge.judged(target), { samples, most });
  }
};

/** Beyond these nobody reads them, and to keep them all would take as long as the rest. */
const mostKept = 1_000;

const isLeftOut = ({ reason }: Verdict) => reason === "dropped" || reason === "invalid_target";

const keep = (
  counted: Counted,
  one: Judged,
  { samples, most }: { samples: Judged[]; most: number },
): void => {
  counted.first ??= one;
  if (isLeftOut(one)) counted.firstLeftOut ??= one;
  counted.trouble ??= one.trouble;
  if (!counted.firstOf.has(one.reason)) counted.firstOf.set(one.reason, one);
  if (one.shard !== undefined) counted.shards.add(one.shard);
  if (samples.length < most) samples.push(one);
};
