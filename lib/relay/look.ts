import { type LookParts, lookAt } from "../announce/look.ts";
import type { Discoverer, Outcome } from "../discovery/discoverer.ts";
import type { Provider } from "../discovery/provider.ts";
import { reasonOf, TransientError } from "../errors.ts";
import type { PoolIndex } from "../pool/pool.ts";
import type { ProviderStatus } from "../pool/status.ts";
import { boundedLook } from "./boundedlook.ts";
import { announceMirrored } from "./flush.ts";
import type { Segment, Slice } from "./slice.ts";

export interface Looking {
  readonly providers: readonly Provider[];
  /** Records of providers that the configuration no longer has. */
  readonly abandoned: readonly ProviderStatus[];
}

export interface Looked {
  /** Providers of which something failed that is not their own fault: the bus, the pool. */
  readonly failed: readonly string[];
  /** Providers that did not answer in time. */
  readonly late: readonly string[];
  /** Groups of abandoned providers were removed; their records go once the pool has none left. */
  readonly retired: boolean;
}

/**
 * A look as the schedule's, but out of what is followed, and compared with the mirrors. Rejects when the segment ends
 * meanwhile, and when an abandoned provider could not be retired.
 */
export const lookAround = async ({ providers, abandoned }: Looking, segment: Segment): Promise<Looked> => {
  const { records, limits, lease, sequence, ending, tally } = segment;
  const known = [...providers.flatMap(({ id }) => records.of(id) ?? []), ...abandoned];
  const answers = new Map<string, string>();
  const late: string[] = [];
  const bounded = boundedLook(segment, (provider) => late.push(provider));
  const discover = remembering(bounded, answers);
  tally.looks += 1;
  const seen = await lookAt(
    { providers, known, limits, lease, sequence, signal: ending.signal },
    { ...lookParts(segment), pool: mirrored(segment), discover },
  );
  const own = seen.filter(({ provider }) => answers.has(provider));
  return {
    failed: own.filter(({ provider, error }) => error !== answers.get(provider)).map((one) => one.provider),
    late,
    retired: seen.some(({ provider, announced }) => !answers.has(provider) && announced > 0),
  };
};

/** Removes what is left of the abandoned ones, where nothing is followed. */
export const retireOnly = async (abandoned: readonly ProviderStatus[], slice: Slice): Promise<void> => {
  const { lease, sequence } = slice;
  const request = { providers: [], known: abandoned, limits: nobody, lease, sequence, signal: never };
  await lookAt(request, { ...lookParts(slice), discover: async () => [] });
};

const nobody = { maxRemoved: 1, minRemoved: 0 };
const never = new AbortController().signal;

/** What `lookAt` works with in a relay, apart from the discoverer. */
const lookParts = (slice: Slice): Omit<LookParts, "discover"> => ({
  pool: slice.parts.pool,
  statuses: slice.records,
  releases: slice.parts.releases,
  announce: (announcement) => announceMirrored(announcement, slice),
  bus: slice.parts.bus,
  clock: slice.parts.clock.now,
  log: slice.lookLog,
  meter: slice.parts.meter,
});

/** As they are: a look has compared before it announces anything. Of an abandoned provider there is none. */
const mirrored = ({ mirrors, parts, providers, unread }: Segment): PoolIndex => {
  const own = new Set(providers.map(({ id }) => id));
  return {
    index: async (provider) => {
      if (!own.has(provider)) return parts.pool.index(provider);
      if (mirrors.of(provider).isRead()) return mirrors.of(provider).held;
      throw new TransientError(unread.get(provider) ?? "it was not read yet");
    },
  };
};

/** Notes what each provider itself had to say. */
const remembering =
  (discover: Discoverer, answers: Map<string, string>): Discoverer =>
  async (providers, signal) => {
    const outcomes = await discover(providers, signal);
    for (const outcome of outcomes) answers.set(outcome.provider.id, answerOf(outcome));
    return outcomes;
  };

const answerOf = (outcome: Outcome) =>
  "error" in outcome ? reasonOf(outcome.error) : outcome.look.problems.join("; ");
