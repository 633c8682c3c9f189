import type { Clock } from "../clock.ts";
import type { FollowListener } from "./follower.ts";
import type { Provider } from "./provider.ts";

/** How it stands with one provider; times are Unix milliseconds. */
export interface Poll {
  readonly provider: Provider;
  dueAt: number;
  /** Looks under way. */
  looking: number;
  /** When the last look ended; until then, when following began. */
  lookedAt: number;
  troubles: readonly string[];
  /** As they were before the last look began; undefined until then. */
  marks?: string;
}

/** After so long without a look, or an interval if that is longer, the listener is asked again. */
const patience = 10_000;

/** Asks for looks as they fall due, those that are due together in one call. */
export const startRounds = (polls: readonly Poll[], listener: FollowListener, clock: Clock) => {
  let callOff = () => {};
  let stopped = false;
  const arrange = () => {
    callOff();
    const next = Math.min(...polls.filter(isIdle).map(({ dueAt }) => dueAt));
    if (!stopped && Number.isFinite(next)) callOff = clock.after(Math.max(0, next - clock.now()), fire);
  };
  const ask = (due: readonly Poll[]) => {
    for (const poll of due) poll.dueAt = clock.now() + Math.max(poll.provider.every, patience);
    arrange();
    if (due.length > 0 && !stopped) listener.lookAgain(due.map(({ provider }) => provider));
  };
  const fire = () => ask(polls.filter((poll) => isIdle(poll) && poll.dueAt <= clock.now()));
  const stop = () => {
    stopped = true;
    callOff();
  };
  arrange();
  return { arrange, ask, stop };
};

const isIdle = ({ looking }: Poll) => looking === 0;

export interface MarkOptions {
  readonly clock: Clock;
  /** Must not reject; absent where a look has nothing that tells of it cheaply. */
  readonly marks?: (provider: Provider) => Promise<string>;
}

/** Between two readings of the marks. */
const markEvery = 1_000;

/** Asks for those whose marks are no longer what they were before their last look. */
export const watchMarks = (
  polls: readonly Poll[],
  { clock, marks }: MarkOptions,
  ask: (changed: readonly Poll[]) => void,
) => {
  let callOff = () => {};
  let stopped = false;
  const read = async () => {
    if (marks === undefined || stopped) return;
    const found = await Promise.all(polls.map(({ provider }) => marks(provider)));
    if (stopped) return;
    const changed = polls.filter((poll, at) => isIdle(poll) && (poll.marks ?? found[at]) !== found[at]);
    for (const poll of changed) poll.marks = found[polls.indexOf(poll)] ?? "";
    if (changed.length > 0) ask(changed);
    callOff = clock.after(markEvery, () => void read());
  };
  if (marks !== undefined) callOff = clock.after(markEvery, () => void read());
  const stop = () => {
    stopped = true;
    callOff();
  };
  return { stop };
};
