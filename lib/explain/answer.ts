import type { Job } from "../config/configuration.ts";
import type { Provider } from "../discovery/provider.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { ReaderMark } from "../readers/readers.ts";
import type { Labels } from "../relabel/labels.ts";
import type { Question } from "./question.ts";
import type { Reason, Step } from "./reason.ts";
import type { RuleTrace } from "./rules.ts";

/** What is known of one job when a question about it is answered. */
export interface JobWorld {
  readonly question: Question;
  readonly job: Job;
  /** The job's, as far as the asker may see them. */
  readonly providers: readonly Provider[];
  readonly statuses: ReadonlyMap<string, ProviderStatus>;
  /** Why no list of the job is given out at all, if so. */
  readonly withheld: string | undefined;
  /** The latest first. */
  readonly readers: readonly ReaderMark[];
  readonly shard: AskedShard | undefined;
  /** Unix milliseconds. */
  readonly now: number;
  /** How many characters the labels of its targets may have together, roughly. */
  readonly allowance: number;
}

/** Without an index it is asked which of the parts has it. */
export interface AskedShard {
  readonly index: number | undefined;
  readonly of: number;
}

/** One job's answer (design §3.4). */
export interface Answer {
  readonly job: string;
  readonly verdict: "served" | "not served" | "partly";
  readonly reason: Reason;
  readonly sentence: string;
  readonly steps: readonly Step[];
  /** All of them; `targets` are the first of them. */
  readonly targetCount: number;
  readonly targets: readonly ExplainedTarget[];
}

export interface ExplainedTarget {
  readonly provider: string;
  readonly source: string;
  readonly discovered: Labels;
  /** Those that do not begin with `__`; none for a target that is not active. */
  readonly labels: Labels;
  /** Empty for a target that is not active. */
  readonly scrapeUrl: string;
  readonly reason: Reason;
  /** Told of the first few targets only. */
  readonly rules: readonly RuleTrace[];
}
