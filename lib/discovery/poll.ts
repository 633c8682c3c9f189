import { reasonOf } from "../errors.ts";
import type { Discoverer, Outcome } from "./discoverer.ts";
import type { Follow } from "./follower.ts";
import { type MarkOptions, type Poll, startRounds, watchMarks } from "./pollrounds.ts";
import type { Provider } from "./provider.ts";

export interface PollOptions extends MarkOptions {
  /** Kept for good, with its connections and with what it remembers, such as which Swarm master failed last. */
  readonly discover: Discoverer;
}

/**
 * Follows what nobody can watch: each provider is due again one interval after its last look began, at once when that
 * took longer or when its marks have changed. A look under way is never asked for again, so that nothing piles up behind
 * a slow source. Who was asked and does not look is reminded.
 */
export const createPollFollow =
  (options: PollOptions): Follow =>
  ({ providers }, listener) => {
    const { clock } = options;
    const polled = new Map(providers.map((provider) => [provider.id, beginPoll(provider, clock.now())]));
    const rounds = startRounds([...polled.values()], listener, clock);
    const watch = watchMarks([...polled.values()], options, rounds.ask);
    const ended = new AbortController();
    const looks = new Set<Promise<Outcome[]>>();
    return {
      look: async (wanted, signal) => {
        const polls = wanted.flatMap(({ id }) => polled.get(id) ?? []);
        const either = AbortSignal.any([signal, ended.signal]);
        const look = lookOnce({ polls, wanted, signal: either }, options).finally(rounds.arrange);
        looks.add(look);
        return look.finally(() => looks.delete(look));
      },
      prepare: () => undefined,
      troubles: ({ id }) => troublesOf(polled.get(id), clock.now()),
      end: async () => {
        rounds.stop();
        watch.stop();
        ended.abort(new Error("following has ended"));
        await Promise.allSettled(looks);
      },
    };
  };

const beginPoll = (provider: Provider, now: number): Poll => ({
  provider,
  dueAt: now + provider.every,
  looking: 0,
  lookedAt: now,
  troubles: [],
});

interface Looking {
  readonly polls: readonly Poll[];
  readonly wanted: readonly Provider[];
  readonly signal: AbortSignal;
}

const lookOnce = async ({ polls, wanted, signal }: Looking, options: PollOptions): Promise<Outcome[]> => {
  const { clock, discover, marks } = options;
  const begunAt = clock.now();
  for (const poll of polls) poll.looking += 1;
  try {
    // Before the look, so that a change while it goes on is seen afterwards.
    if (marks) await Promise.all(polls.map(async (poll) => (poll.marks = await marks(poll.provider))));
    const outcomes = await discover(wanted, signal);
    const troubles = new Map(outcomes.map((outcome) => [outcome.provider.id, troublesIn(outcome)]));
    for (const poll of polls) poll.troubles = troubles.get(poll.provider.id) ?? [];
    return outcomes;
  } finally {
    for (const poll of polls) {
      poll.looking -= 1;
      poll.lookedAt = clock.now();
      poll.dueAt = begunAt + poll.provider.every;
    }
  }
};

const troublesIn = (outcome: Outcome): readonly string[] =>
  "error" in outcome ? [reasonOf(outcome.error)] : outcome.look.problems;

/** Looks missed in a row, and time for whoever looks, before it counts as trouble that nobody does. */
const missed = 3;
const grace = 60_000;

const troublesOf = (poll: Poll | undefined, now: number): readonly string[] => {
  if (poll === undefined) return [];
  const { provider, lookedAt, troubles } = poll;
  if (now - lookedAt <= provider.every * missed + grace) return troubles;
  return [...troubles, `not looked at since ${new Date(lookedAt).toISOString()}`];
};
