import { randomUUID } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import { reasonOf } from "../../lib/errors.ts";
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
  /** Takes Lambda's record of an event that came to nothing, for the queue of that ARN. */
  giveUp: (arn: string, record: object) => void;
}): Asynchronous => {
  const { clock, run, log, giveUp } = options;
  const running = new Set<Promise<void>>();
  let isStopped = false;
  const attempt = (job: Job) => {
    if (isStopped) return;
    const work: Promise<void> = run(job.definition, job.event)
      .then(
        () => {},
        (thrown) => again(job, thrown),
      )
      .finally(() => running.delete(work));
    running.add(work);
  };
  const again = (job: Job, thrown: unknown) => {
    const { definition, event, retries, startedAt } = job;
    const pause = pauses[Math.min(retries, pauses.length - 1)] ?? 0;
    const isTooOld = clock.now() + pause - startedAt > definition.maximumAge;
    if (retries >= definition.maximumAttempts || isTooOld) {
      if (definition.onFailureArn !== undefined)
        giveUp(definition.onFailureArn, recordOf(job, thrown, clock));
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

/** As Lambda words it to a destination ("Invocation record" in its guide, asynchronous invocation). */
const recordOf = ({ definition, event, retries }: Job, thrown: unknown, clock: Clock) => ({
  version: "1.0",
  timestamp: new Date(clock.now()).toISOString(),
  requestContext: {
    requestId: randomUUID(),
    functionArn: `${definition.arn}:$LATEST`,
    condition: retries >= definition.maximumAttempts ? "RetriesExhausted" : "EventAgeExceeded",
    approximateInvokeCount: retries + 1,
  },
  requestPayload: event,
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  responsePayload: {
    errorMessage: reasonOf(thrown),
    errorType: thrown instanceof Error ? thrown.name : "Error",
  },
});

/** Lambda waits one minute before the first retry and two before the second. */
const pauses = [60_000, 120_000];
