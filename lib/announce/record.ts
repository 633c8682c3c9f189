import type { Provider } from "../discovery/provider.ts";
import { lengthened } from "../pool/durations.ts";
import type { Counters, HeldBack, ProviderStatus } from "../pool/status.ts";
import type { Change } from "./compare.ts";

/** How a look at one provider ended. */
export interface Conclusion {
  /** Empty after a full success. */
  readonly error: string;
  /** Absent when nothing was learned: the counts stay as they were. */
  readonly sources?: number;
  readonly targets?: number;
  readonly changes?: readonly Change[];
  /** When each file changed, if files were looked at. */
  readonly files?: Readonly<Record<string, number>>;
  /** How many sources the pool held when the look began; absent when it could not be read. */
  readonly heldBefore?: number;
  /** What is held back from now on. */
  readonly guard?: HeldBack | undefined;
}

/** The provider's record after a look; times are Unix milliseconds. A look with an error moves only `lastAttempt`. */
export const statusAfter = (
  provider: Provider,
  look: Conclusion & { startedAt: number; endedAt: number; before: ProviderStatus | undefined },
): ProviderStatus => {
  const { before, error, endedAt } = look;
  const lastSuccess = error === "" ? endedAt : before?.lastSuccess;
  // A look that learned nothing leaves what is held as it was.
  const guard = look.changes === undefined ? before?.guard : look.guard;
  const files = look.files ?? before?.files;
  return {
    provider: provider.id,
    mechanism: provider.config.mechanism,
    ...("role" in provider.config ? { role: provider.config.role } : {}),
    cluster: provider.cluster,
    jobs: provider.jobs,
    followedBy: provider.follow,
    every: provider.every,
    lastAttempt: endedAt,
    ...(lastSuccess === undefined ? {} : { lastSuccess }),
    lastError: error,
    sources: look.sources ?? before?.sources ?? 0,
    targets: look.targets ?? before?.targets ?? 0,
    lastDurationSeconds: (endedAt - look.startedAt) / 1000,
    counters: counted(before?.counters ?? zero, look),
    ...(files === undefined ? {} : { files }),
    ...(isFilled(look) ? { filled: true } : {}),
    ...(guard === undefined ? {} : { guard }),
  };
};

/** The pool has once held all that a look announced before; until then a short list is only one that is not there yet. */
const isFilled = ({ before, heldBefore = -1 }: Conclusion & { before: ProviderStatus | undefined }) =>
  before?.filled === true || (before?.lastSuccess !== undefined && heldBefore >= before.sources);

/**
 * The record of a provider whose groups are on their way out. Should a later configuration bring it back before they
 * are gone, it is one that was never looked at: due at once, and no list is served until then.
 */
export const statusBegunAnew = ({
  lastAttempt: _lastAttempt,
  lastSuccess: _lastSuccess,
  guard: _guard,
  filled: _filled,
  files: _files,
  ...status
}: ProviderStatus): ProviderStatus => ({ ...status, lastError: "", sources: 0, targets: 0, counters: zero });

const zero: Counters = { looks: 0, failures: 0, added: 0, updated: 0, removed: 0 };

const counted = (before: Counters, look: Conclusion & { startedAt: number; endedAt: number }): Counters => {
  const { error, changes = [], startedAt, endedAt } = look;
  const of = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  return {
    ...before,
    looks: before.looks + 1,
    failures: before.failures + (error === "" ? 0 : 1),
    added: before.added + of("added"),
    updated: before.updated + of("updated"),
    removed: before.removed + of("removed"),
    durations: lengthened(before.durations, (endedAt - startedAt) / 1000),
  };
};
