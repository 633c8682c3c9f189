import type { Change } from "../announce/compare.ts";
import type { Held } from "../pool/pool.ts";
import type { ProviderStatus } from "../pool/status.ts";

/** What a relay keeps of a provider's record between two writings. */
export interface RecordState {
  status: ProviderStatus;
  /** Whether a look of this relay has ended; until then nothing is known that the table's record does not say. */
  looked: boolean;
  faults: Faults;
  /** As it was before the health changed, which the bus was not told of yet. */
  untold?: ProviderStatus | undefined;
  /** What the table has, if anything. */
  written: ProviderStatus | undefined;
  /** When it was last written, or could not be, Unix milliseconds. */
  triedAt: number;
  /** The last try to write it failed. */
  failed: boolean;
}

/** What is wrong with a provider, apart from what the one who follows it says. */
export interface Faults {
  /** The error of the last look. */
  readonly look: string;
  /** By source: why no group could be made of it since. */
  readonly unbuilt: Map<string, string>;
  /** Why single changes could not be announced. */
  readonly announcing?: string | undefined;
}

export const noFaults = (): Faults => ({ look: "", unbuilt: new Map() });

export const newState = (status: ProviderStatus, written?: ProviderStatus): RecordState => ({
  status,
  looked: false,
  faults: noFaults(),
  written,
  triedAt: Number.NEGATIVE_INFINITY,
  failed: false,
});

/** A single change that was announced, and what the pool had of its source before. */
export interface Counted {
  readonly change: Change;
  readonly before: Held | undefined;
}

/** Counts and counters follow. */
export const afterChanges = (status: ProviderStatus, counted: readonly Counted[]): ProviderStatus => {
  let { sources, targets } = status;
  const counters = { ...status.counters };
  for (const { change, before } of counted) {
    counters[change.kind] += 1;
    if (change.kind === "added") sources += 1;
    if (change.kind === "removed") sources -= 1;
    targets += change.group.targets.length - (before?.removed === false ? before.targets : 0);
  }
  return { ...status, sources: Math.max(0, sources), targets: Math.max(0, targets), counters };
};

/** While nothing is wrong the provider is as good as looked at, all the time. */
export const afterTending = (
  { status, faults }: RecordState,
  troubles: readonly string[],
  now: number,
): ProviderStatus => {
  const lastError = linesOf(faults, troubles);
  return { ...status, lastAttempt: now, lastError, ...(lastError === "" && { lastSuccess: now }) };
};

/** Lines of trouble in one record. */
const mostLines = 5;

const linesOf = ({ look, unbuilt, announcing = "" }: Faults, troubles: readonly string[]) => {
  const lines = [...new Set([look, ...troubles, announcing, ...unbuilt.values()])].filter(
    (line) => line !== "" && (line === look || !look.includes(line)),
  );
  const more = lines.length > mostLines ? [`and ${lines.length - mostLines} more`] : [];
  return [...lines.slice(0, mostLines), ...more].join("; ");
};

/** Milliseconds between two writings of what only counts on, of what stands still, and after one that failed. */
const pace = { moving: 10_000, still: 30_000, failed: 5_000 };

/** People wait for health, errors and the guard; counts and times may be a little old. */
export const isWorthWriting = ({ status, written, triedAt, failed }: RecordState, now: number): boolean => {
  const since = now - triedAt;
  if (status === written) return false;
  if (failed) return since >= pace.failed;
  if (written === undefined || isNews(status, written)) return true;
  const moved = status.sources !== written.sources || status.targets !== written.targets;
  return since >= (moved ? pace.moving : pace.still);
};

const isNews = (status: ProviderStatus, written: ProviderStatus) =>
  status.lastError !== written.lastError ||
  status.filled !== written.filled ||
  status.guard?.since !== written.guard?.since ||
  status.guard?.sources !== written.guard?.sources;
