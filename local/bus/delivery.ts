import type { Clock } from "../../lib/clock.ts";
import type { MessageAttributes } from "../queue/message.ts";
import type { Rule, Target } from "./rule.ts";

/** Takes an event for a target or throws; an error that carries `permanent: true` is not worth a retry. */
export type Accept = (targetArn: string, text: string) => void | Promise<void>;

/** Where an event goes that no try could deliver. */
export type GiveUp = (deadLetterArn: string, body: string, attributes: MessageAttributes) => void;

export interface Delivering {
  /** Starts the delivery and returns; `text` is the event as JSON. */
  deliver(text: string, rule: Rule, target: Target): void;
  /** How many are waiting for another try. */
  readonly waiting: number;
}

/** EventBridge's side of a target: tries again with growing pauses while age and attempts allow, then the dead-letter queue or nothing. */
export const createDelivering = (options: {
  clock: Clock;
  random: () => number;
  accept: Accept;
  giveUp: GiveUp;
  log: (line: string) => void;
}): Delivering => {
  const { clock, random, accept, giveUp, log } = options;
  let waiting = 0;
  const attempt = async (job: Job): Promise<void> => {
    try {
      await accept(job.target.arn, job.text);
    } catch (thrown) {
      again(job, thrown);
    }
  };
  const again = (job: Job, thrown: unknown) => {
    const { target, retries, startedAt } = job;
    const pause = pauseBefore(retries + 1, random);
    const exhausted = exhaustion({ retries, age: clock.now() + pause - startedAt, target });
    if (!exhausted && !isPermanent(thrown)) {
      waiting += 1;
      clock.after(pause, () => {
        waiting -= 1;
        void attempt({ ...job, retries: retries + 1 });
      });
      return;
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    log(
      `rule ${job.rule.name}: ${target.arn} took no event, ${target.deadLetterArn ? "kept as a dead letter" : "dropped"}: ${message}`,
    );
    if (target.deadLetterArn) {
      giveUp(target.deadLetterArn, job.text, attributesOf({ ...job, exhausted, message }));
    }
  };
  return {
    deliver: (text, rule, target) => void attempt({ text, rule, target, retries: 0, startedAt: clock.now() }),
    get waiting() {
      return waiting;
    },
  };
};

interface Job {
  readonly text: string;
  readonly rule: Rule;
  readonly target: Target;
  readonly retries: number;
  readonly startedAt: number;
}

/** One second, doubled each time up to ten minutes, of which up to half is taken off by chance. */
const pauseBefore = (retry: number, random: () => number): number =>
  Math.min(1000 * 2 ** (retry - 1), 600_000) * (1 - random() / 2);

type Exhaustion = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | undefined;

const exhaustion = (tried: { retries: number; age: number; target: Target }): Exhaustion => {
  if (tried.retries >= tried.target.maximumAttempts) return "MaximumRetryAttempts";
  return tried.age > tried.target.maximumAge ? "MaximumEventAgeInSeconds" : undefined;
};

const isPermanent = (thrown: unknown) =>
  thrown instanceof Error && "permanent" in thrown && thrown.permanent === true;

/** What EventBridge tells about a dead letter (User Guide, "Using dead-letter queues"). */
const attributesOf = (job: Job & { exhausted: Exhaustion; message: string }): MessageAttributes => {
  const all = {
    RULE_ARN: job.rule.arn,
    TARGET_ARN: job.target.arn,
    ERROR_CODE: job.exhausted ? "SDK_CLIENT_ERROR" : "NO_RESOURCE",
    ERROR_MESSAGE: job.message,
    RETRY_ATTEMPTS: String(job.retries),
    ...(job.exhausted && { EXHAUSTED_RETRY_CONDITION: job.exhausted }),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
  );
};
