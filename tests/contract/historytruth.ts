import assert from "node:assert/strict";
import fc from "fast-check";
import type { Change } from "../../lib/history/log.ts";
import type { createRecorder } from "../../lib/history/record.ts";
import type { Offer } from "../../lib/pool/apply.ts";
import type { ProviderView } from "../../lib/pool/view.ts";
import { announced, type Change as Made } from "./events.ts";
import type { Applied, Fate } from "./faults.ts";

export const day = 24 * 3_600_000;

/** An offer as a look would make it that began at that time. */
export const made = (change: Omit<Made, "epoch"> & { epoch?: number }, at: number): Offer => {
  const { event, group } = announced({ epoch: 1, ...change });
  return { event: { ...event, observedAt: new Date(at).toISOString() }, group };
};

/** Changes of a few sources by two holders of the lease, whose clocks need not agree. */
export const story = fc.uniqueArray(
  fc.record({
    source: fc.constantFrom("a", "b", "c"),
    epoch: fc.integer({ min: 1, max: 2 }),
    sequence: fc.integer({ min: 1, max: 9 }),
    addresses: fc.subarray(["10.0.0.1:80", "10.0.0.2:80"]),
    at: fc.integer({ min: 0, max: 12 }),
  }),
  { minLength: 1, maxLength: 9, selector: ({ epoch, sequence }) => epoch * 100 + sequence },
);

export const fates = fc.array(fc.constantFrom<Fate>("done", "late", "dies before", "dies after"), {
  maxLength: 40,
});

export const lanes = fc.integer({ min: 1, max: 3 });

/** Every message twice, several batches under way at a time, and what failed again until it is done. */
export const deliver = async (
  offers: readonly Offer[],
  record: ReturnType<typeof createRecorder>,
  width: number,
) => {
  let waiting = [...offers, ...offers.toReversed()];
  for (let tries = 0; waiting.length > 0; tries++) {
    assert.ok(tries < 200, "the batches never end");
    const batches = Array.from({ length: width }, (_, lane) =>
      waiting.filter((_, at) => at % width === lane),
    );
    const results = await Promise.all(batches.map(record));
    const failed = (batch: number) => (_: Offer, at: number) => results[batch]![at]!.status === "rejected";
    waiting = batches.flatMap((batch, at) => batch.filter(failed(at)));
  }
};

const byVersion = (a: Applied, b: Applied) =>
  a.event.version.epoch - b.event.version.epoch || a.event.version.sequence - b.event.version.sequence;

/** What each source was in turn. */
export const chains = (applied: readonly Applied[]): Map<string, Applied[]> => {
  const bySource = Map.groupBy(applied, ({ group }) => group.source);
  return new Map([...bySource].map(([source, ones]) => [source, ones.toSorted(byVersion)]));
};

/** The changes that a reader of the truth would name. */
export const visible = (truth: Map<string, Applied[]>): string[] =>
  [...truth.values()].flatMap((chain) =>
    chain.flatMap(({ event, group }, at) => {
      const before = chain[at - 1];
      const was = before?.group.targets.length ?? 0;
      if (was === 0 ? group.targets.length === 0 : before?.event.hash === event.hash) return [];
      return JSON.stringify([
        group.source,
        event.version,
        Date.parse(event.observedAt),
        was,
        group.targets.length,
      ]);
    }),
  );

export const nameOf = ({ source, version, at, before, after }: Change) =>
  JSON.stringify([source, version, at, before?.targets ?? 0, after.targets]);

/** The pool less every later change: each source is what its last change up to then left. */
export const stateOf = (truth: Map<string, Applied[]>, moment: number) =>
  Object.fromEntries(
    [...truth]
      .map(([source, chain]): [string, (string | undefined)[]] => {
        const last = chain.findLast(({ event }) => Date.parse(event.observedAt) <= moment);
        return [source, last?.group.targets.map((target) => target.__address__) ?? []];
      })
      .filter(([, addresses]) => addresses.length > 0)
      .sort(),
  );

export const addressesOf = (view: ProviderView) =>
  Object.fromEntries(
    view.sorted().map(({ source, group }) => [source, group.targets.map((target) => target.__address__)]),
  );
