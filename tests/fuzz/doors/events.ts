import assert from "node:assert/strict";
import fc from "fast-check";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import { createMemoryDeadLetterCount, createMemoryDeadLetters } from "../../../lib/deadletter/memory.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import { applyEach } from "../../../lib/pool/apply.ts";
import { createMemoryLag, createMemoryPool } from "../../../lib/pool/memory.ts";
import { createReducer } from "../../../lib/reduce/batch.ts";
import { contentHash } from "../../../lib/targetgroup/hash.ts";
import { at, batch, changed, envelope } from "../../fakes/events.ts";
import { spoiltText, type TextFault, textFaults } from "../bytes.ts";
import { behaviour, type Door } from "../door.ts";
import { holdLine } from "../line.ts";
import { spoiltJson, type TreeFault, treeFaults } from "../trees.ts";

export const provider = "kubernetes/0123456789ab";
const claimKey = "claim/kubernetes/a";

const claimed = (() => {
  const { group, ...event } = changed({ source: "claimed" });
  assert.ok(group !== undefined);
  const claim = { source: "claimed", key: claimKey, bytes: 1000, href: "/api/v1/claims/a/b" };
  return { event: { ...event, claim, hash: contentHash(group) }, group };
})();

/** Neighbours that are sound, and the one between them that is not. */
const neighbours = ["a", "b", "c"].map((source, sequence) => changed({ source, sequence: sequence + 1 }));
const poison = [
  changed({ source: "poison", provider: "kubernetes/ffffffffffff" }),
  changed({ source: "poison", provider: "kubernetes/ffffffffffff", addresses: [] }),
  { ...claimed.event, provider: "kubernetes/ffffffffffff" },
];

interface Case {
  readonly one: (typeof poison)[number];
  readonly tree: readonly TreeFault[];
  readonly text: readonly TextFault[];
  /** What became of the group that lies in the table. */
  readonly blob: readonly TextFault[];
  readonly place: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  one: fc.constantFrom(...poison),
  tree: treeFaults,
  text: fc.oneof(fc.constant([]), textFaults),
  blob: fc.oneof(fc.constant([]), textFaults),
  place: fc.nat({ max: 3 }),
});

/** The queue that the bus fills (design §4, promise 6): what anyone may put there. */
export const events: Door = {
  name: "events",
  runs: 120,
  open: async () => [
    behaviour("is applied or a dead letter with its reason, and its neighbours are applied", cases, hold),
  ],
};

const hold = async ({ one, tree, text, blob, place }: Case): Promise<void> => {
  const { reduce, pool, deadLetters, blobs } = reducing();
  await blobs.put(claimKey, spoiltText(JSON.stringify(claimed.group), blob));
  const body = spoiltText(spoiltJson(JSON.parse(envelope(one)), tree), text).toString("utf8");
  const bodies = neighbours.map((event) => envelope(event));
  bodies.splice(place, 0, body);
  assert.deepEqual(await reduce(batch(...bodies)), { batchItemFailures: [] });
  const held = await pool.index(provider);
  for (const { group } of neighbours)
    assert.ok(held.has(group?.source ?? ""), `${group?.source} was not applied`);
  assert.ok(deadLetters.letters.length <= 1);
  for (const letter of deadLetters.letters) {
    assert.equal(letter.body, body);
    // The queue takes so much of it; a message is bounded itself.
    holdLine(letter.reason.slice(0, 1_000));
  }
  // Whoever reads the pool can read what got in.
  for (const { group } of await pool.all("kubernetes/ffffffffffff"))
    if (group !== undefined) contentHash(group);
};

/** A reducer over a pool in memory, at the time of the events. */
export const reducing = () => {
  const clock = () => Date.parse(at);
  const pool = createMemoryPool(clock);
  const blobs = createMemoryBlobs(clock);
  const deadLetters = createMemoryDeadLetters();
  const reduce = createReducer({
    pool,
    apply: applyEach(pool),
    blobs,
    lag: createMemoryLag(clock),
    clock,
    log: createLog({ level: "error", write: () => undefined }),
    meter: silentMeter,
    deadLetters,
    deadLetterCount: createMemoryDeadLetterCount(),
  });
  return { reduce, pool, deadLetters, blobs };
};
