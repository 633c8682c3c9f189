import type { Provider } from "../discovery/provider.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import { SegmentOver } from "./boundedlook.ts";
import { flush } from "./flush.ts";
import { type Looked, type Looking, lookAround } from "./look.ts";
import type { Segment } from "./slice.ts";

/**
 * Looks, and puts on the agenda which providers are to be looked at again because of what came of it. Never rejects;
 * undefined when the look was given up.
 */
export const look = async (looking: Looking, segment: Segment): Promise<{ retired: boolean } | undefined> => {
  await drain(segment);
  segment.agenda.covered(looking.providers.map(({ id }) => id));
  const looked = await inFlight(sideBySide, oneByOne(looking), (one) => lookSafely(one, segment));
  if (looked.includes("over")) return undefined;
  const all = looked.flatMap((one) => (one === "over" || one === "given up" ? [] : one));
  const givenUp = oneByOne(looking).filter((_, at) => looked[at] === "given up");
  const failed = [
    ...all.flatMap((one) => one.failed),
    ...givenUp.flatMap((one) => one.providers.map(({ id }) => id)),
  ];
  schedule(looking.providers, segment, { failed, late: all.flatMap((one) => one.late) });
  return givenUp.length > 0 ? undefined : { retired: all.some((one) => one.retired) };
};

/** All groups of a provider are in memory while it is looked at: of fifty jobs that would be too much at once. */
const sideBySide = 4;

const oneByOne = ({ providers, abandoned }: Looking): Looking[] => [
  ...providers.map((provider) => ({ providers: [provider], abandoned: [] })),
  ...(abandoned.length === 0 ? [] : [{ providers: [], abandoned }]),
];

const lookSafely = async (looking: Looking, segment: Segment): Promise<Looked | "over" | "given up"> => {
  try {
    return await lookAround(looking, segment);
  } catch (error) {
    if (error instanceof SegmentOver) return "over";
    segment.parts.log.warn("a look was given up", { cluster: segment.cluster, reason: reasonOf(error) });
    return "given up";
  }
};

/** Announces all that waits and can be, due or not, so that a look finds no removal that a watch has told already. */
export const drain = async (segment: Segment): Promise<void> => {
  for (let round = 0; round < mostRounds; round++) {
    const due = segment.queue.take(segment.parts.clock.now(), isReady(segment), "everything");
    if (due.size === 0) return;
    await flush(due, segment);
  }
};

/** Whether single changes of a provider can be announced now. */
export const isReady =
  ({ mirrors, parts, pauses }: Segment) =>
  (provider: string): boolean =>
    mirrors.of(provider).isRead() && (pauses.until(provider) ?? 0) <= parts.clock.now();

/** Changes keep coming; a look must not wait for the last. */
const mostRounds = 20;

/** Milliseconds after which a provider that did not answer is asked again. */
const lateness = 30_000;

const schedule = (
  providers: readonly Provider[],
  { agenda, lookPauses, parts, records }: Segment,
  outcome: { failed: readonly string[]; late: readonly string[] },
) => {
  const now = parts.clock.now();
  const [failed, late] = [new Set(outcome.failed), new Set(outcome.late)];
  for (const { id, every } of providers) {
    if (failed.has(id)) agenda.put(id, lookPauses.failed(id, now));
    else lookPauses.worked(id);
    if (late.has(id)) agenda.put(id, now + lateness);
    const held = records.of(id)?.guard;
    if (held !== undefined) agenda.put(id, held.since + every > now ? held.since + every : now + every);
  }
};
