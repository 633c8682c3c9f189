import type { Reload } from "../config/reload.ts";
import type { Plan } from "../discovery/current.ts";
import type { CycleRecord } from "../metrics/cycles/cycles.ts";
import type { ProviderStatus } from "../pool/status.ts";

/** What `/metrics` is made of. */
export interface Measured {
  /** What the asker may see. */
  readonly plan: Plan;
  readonly statuses: readonly ProviderStatus[];
  /** Messages that the reducer has ever sent to the dead letters. */
  readonly deadLetters: number;
  /** How many seconds the reducer is behind. */
  readonly lag: number;
  /** Undefined before the first tick. */
  readonly reload: Reload | undefined;
  /** Of the clusters whose metrics the asker may see. */
  readonly cycles: readonly CycleRecord[];
  /** Unix milliseconds. */
  readonly now: number;
}
