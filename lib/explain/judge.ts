import type { Provider } from "../discovery/provider.ts";
import { shardOf } from "../httpsd/shard.ts";
import type { Populated } from "../relabel/populate.ts";
import { populatorOf } from "../scrapepool/outcomes.ts";
import type { JobWorld } from "./answer.ts";
import { discoveredAddress, type Found } from "./find.ts";
import type { Reason } from "./reason.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** What becomes of a target. */
export interface Verdict {
  /** Undefined where no shard was asked for. */
  readonly shard: number | undefined;
  readonly trouble: Trouble | undefined;
  readonly reason: Reason;
  /** Whether whoever asks gets the target. */
  readonly isServed: boolean;
}

/** A target that was found, and what became of it. */
export interface Judged extends Found, Verdict {
  readonly provider: Provider;
  readonly outcome: Populated;
}

/** Judges targets of one provider. */
export interface Judge {
  /** One of a few objects: a question may be about all targets that a job has, and nothing is made for each of them. */
  verdict(found: Found): Verdict;
  /** The same target with all that an answer shows of it. */
  judged(found: Found): Judged;
}

export const createJudge = (provider: Provider, world: JobWorld): Judge => {
  const { populate } = populatorOf(world.job);
  const outcomeOf = (found: Found) => found.outcome ?? made(found);
  const made = ({ entry: { group }, index }: Found) => populate(group.targets[index]!, group.labels);
  const shardIn = (found: Found) =>
    world.shard && shardOf({ __address__: discoveredAddress(found) }, world.shard.of);
  const verdictIn = verdicts(provider, world);
  const verdict = (found: Found, outcome = outcomeOf(found)) =>
    verdictIn(found.entry.group.labels.__meta_kubernetes_namespace, outcome.state, shardIn(found));
  // Targets of one group come one after the other, and only its outcome or its shard tells one from the next.
  let [entry, state, last]: [Found["entry"]?, string?, Verdict?] = [];
  return {
    verdict: (found) => {
      const outcome = outcomeOf(found);
      const isAlike = entry === found.entry && state === outcome.state;
      if (last !== undefined && isAlike && world.shard === undefined) return last;
      [entry, state, last] = [found.entry, outcome.state, verdict(found, outcome)];
      return last;
    },
    judged: (found) => {
      const outcome = outcomeOf(found);
      return { ...found, ...verdict(found, outcome), provider, outcome };
    },
  };
};

/** By namespace, outcome and shard, each made once. */
const verdicts = (provider: Provider, world: JobWorld) => {
  const troubleIn = troubles(provider, world);
  const isGuarded = world.statuses.get(provider.id)?.guard !== undefined;
  const known = new Map<string | undefined, Map<string, Verdict>>();
  const make = (made: Made): Verdict => {
    const reason = reasonOf(made, world);
    return { shard: made.shard, trouble: made.trouble, reason, isServed: reason.startsWith("served") };
  };
  return (namespace: string | undefined, state: Populated["state"], shard: number | undefined): Verdict => {
    const own = known.get(namespace) ?? new Map<string, Verdict>();
    if (own.size === 0) known.set(namespace, own);
    const key = shard === undefined ? state : `${state} ${shard}`;
    const verdict = own.get(key) ?? make({ state, shard, trouble: troubleIn(namespace), isGuarded });
    own.set(key, verdict);
    return verdict;
  };
};

/** By namespace, each found out once. */
const troubles = (provider: Provider, { statuses, now }: JobWorld) => {
  const status = statuses.get(provider.id);
  const known = new Map<string | undefined, Trouble | undefined>();
  return (namespace: string | undefined): Trouble | undefined => {
    const before = known.get(namespace);
    if (before !== undefined || known.has(namespace)) return before;
    const trouble = troubleOf(provider, status, { now, namespace });
    known.set(namespace, trouble);
    return trouble;
  };
};

interface Made {
  readonly state: Populated["state"];
  readonly shard: number | undefined;
  readonly trouble: Trouble | undefined;
  readonly isGuarded: boolean;
}

const reasonOf = ({ state, shard, trouble, isGuarded }: Made, world: JobWorld): Reason => {
  if (state === "dropped") return "dropped";
  if (state === "failed") return "invalid_target";
  if (world.shard?.index !== undefined && shard !== world.shard.index) return "other_shard";
  if (world.withheld !== undefined) return "list_withheld";
  if (isGuarded) return "served_guarded";
  return trouble === undefined ? "served" : "served_stale";
};
