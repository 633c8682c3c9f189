import type { Provider } from "../discovery/provider.ts";
import type { Reason, StepName } from "./reason.ts";

/** That a source was there, and who found it gone. */
export interface Removal {
  readonly provider: string;
  readonly source: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly epoch: number;
  /** The source stayed, only without it. */
  readonly isUpdate?: boolean;
}

/** What the newest changes say of something that no source is named after. */
export interface PastSearch {
  /** The latest of each provider. */
  readonly removals: readonly Removal[];
  /** So many changes were looked at. */
  readonly changes: number;
  /** That was all there are. */
  readonly isWhole: boolean;
}

/** What else is known of something that is no target of a job. */
export interface Elsewhere {
  /** Removals of it, also by providers that left the configuration since; undefined where no history is kept. */
  readonly removals: readonly Removal[] | undefined;
  /** How far the past was searched where removals are not found by name. */
  readonly searched?: Pick<PastSearch, "changes" | "isWhole"> | undefined;
  /** Other providers that have it now. */
  readonly seenBy: readonly Provider[];
  /** Addresses of the job at the same host. */
  readonly neighbours: readonly string[];
}

/** Why there is no target. */
export interface Finding {
  readonly reason: Reason;
  /** Completes a sentence. */
  readonly why: string;
  /** Where the road ends. */
  readonly at: StepName;
  /** Whether it is known to end there. */
  readonly ok: false | null;
}

export const ended = (reason: Reason, at: StepName, why: string): Finding => ({ reason, at, why, ok: false });
