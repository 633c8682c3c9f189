import type { Clock } from "../../lib/clock.ts";
import type { FunctionDefinition } from "./definition.ts";

/** Invocations that nobody waits for: Lambda takes the event, and tries again by itself when the function fails. */
export interface Asynchronous {
  /** Takes the event and returns; failures are told by whoever runs the function. */
  invoke(definition: FunctionDefinition, event: unknown): void;
  /** From now on events are let go, those that wait for another try among them. */
  stop(): void;
  /** Resolves when no invocation is running; those that wait for another try are let go. */
  idle(): Promise<void>;
}

export const createAsynchronous = (options: {
  clock: Clock;
  run: (definition: FunctionDefinition, event: unknown) => Promise<unknown>;
  log: (line: string) => void;
}): Asynchronous => {
  const { clock, run, log } = options;
  const running = new Set<Promise<void>>();
  let isStopped = false;
  const attempt = (job: Job) => {
    if (isStopped) return;
    const work: Promise<void> = run(job.definition, job.event)
      .then(
        () => {},
        () => again(job),
      )
      .finally(() => running.delete(work));
    running.add(work);
  };
  const again = ({ definition, event, retries, startedAt }: Job) => {
    const pause = pauses[Math.min(retries, pauses.length - 1)] ?? 0;
    const isTooOld = clock.now() + pause - startedAt > definition.maximumAge;
    if (retries >= definition.maximumAttempts || isTooOld) {
      return log(`${definition.name}: an event was dropped after ${retries + 1} tries`);
    }
    clock.after(pause, () => attempt({ definition, event, retries: retries + 1, startedAt }));
  };
  return {
    invoke: (definition, event) => attempt({ definition, event, retries: 0, startedAt: clock.now() }),
    stop() {
      isStopped = true;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
};

interface Job {
  readonly definition: FunctionDefinition;
  readonly event: unknown;
  readonly retries: number;
  readonly startedAt: number;
}

/** Lambda waits one minute before the first retry and two before the second. */
const pauses = [60_000, 120_000];
