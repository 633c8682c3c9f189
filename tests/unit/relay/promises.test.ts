import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { isLater, type TargetGroupChanged } from "../../../lib/targetgroup/event.ts";
import type { Fate } from "../../fakes/fate.ts";
import { provider } from "../../fakes/providers.ts";
import { createHistory, type Step } from "./history.ts";
import { one } from "./world.ts";

/** More by hand: `RUNS=5000 node --test tests/unit/relay/promises.test.ts`. */
const runs = Number(process.env.RUNS ?? 80);
const leaseAndMore = 20_000;
const fiveMinutes = 300_000;

describe("whatever happens to relays and to their events (promises 1, 2 and 5)", () => {
  promises([one], runs);
});

describe("the same with three clusters on one relay", () => {
  promises([one, elsewhere("d", 3), elsewhere("e", 4)], Math.ceil(runs / 5));
});

function elsewhere(cluster: string, digit: number) {
  return provider({ id: `http/00000000000${digit}`, cluster, follow: "relay" });
}

function promises(providers: readonly Provider[], numRuns: number) {
  test("one undisturbed full check ends with the cluster in the pool, and repeated events change nothing of it", async () => {
    await fc.assert(
      fc.asyncProperty(histories(anyStep), anyFates, late, async (steps, fates, order) => {
        const history = createHistory(fates, providers);
        history.start();
        for (const step of steps) await history.take(step);
        history.killAll();
        history.road.smoothen();
        while (history.road.late() > 0) await history.take({ do: "deliver", picks: order });
        await history.clock.turn(leaseAndMore);
        history.start();
        await history.clock.turn(2_000);
        const truth = await history.truth();
        assert.deepEqual(await history.held(), truth);
        await history.road.repeat(order);
        assert.deepEqual(await history.held(), truth);
        assert.deepEqual(await history.seen(), truth);
        assertLaterIsNewer(history.sent);
        history.killAll();
      }),
      { numRuns },
    );
  });

  test("a relay that goes on repairs within five minutes what was lost", async () => {
    await fc.assert(
      fc.asyncProperty(histories(mildStep), anyFates, late, async (steps, fates, order) => {
        const history = createHistory(fates, providers);
        history.start();
        for (const step of steps) await history.take(step);
        history.road.smoothen();
        await history.clock.turn(fiveMinutes);
        const truth = await history.truth();
        assert.deepEqual(await history.held(), truth);
        while (history.road.late() > 0) await history.take({ do: "deliver", picks: order });
        assert.deepEqual(await history.held(), truth);
        assert.deepEqual(await history.seen(), truth);
        history.killAll();
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });
}

/** Long ones, too: left to itself fast-check makes lists of a few. */
const histories = (step: fc.Arbitrary<Step>) => fc.array(step, { maxLength: 60, size: "max" });

const source = fc.constantFrom("a", "b", "c", "d");
const late = fc.array(fc.nat(), { minLength: 1, maxLength: 8 });

const change = fc.record({
  do: fc.constant("change" as const),
  source,
  of: fc.nat({ max: 2 }),
  gone: fc.boolean(),
  told: fc.constant(true),
});

/** Mostly moments; sometimes longer than a lease, or than an event may be on its way. */
const pass = fc.record({
  do: fc.constant("pass" as const),
  milliseconds: fc.oneof(
    fc.nat({ max: 150 }),
    fc.nat({ max: 2_000 }),
    fc.constantFrom(6_000, 16_000, 40_000),
  ),
});

const deliver = fc.record({
  do: fc.constant("deliver" as const),
  picks: fc.array(fc.nat(), { maxLength: 6 }),
});
const mildStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: change },
  { weight: 3, arbitrary: pass },
  { weight: 2, arbitrary: deliver },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("look" as const, "read" as const) }) },
);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: change },
  { weight: 1, arbitrary: fc.record({ ...untold(), told: fc.constant(false) }) },
  { weight: 6, arbitrary: pass },
  { weight: 2, arbitrary: deliver },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), after: fc.nat({ max: 30 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("start", "start", "restart") }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("look", "read", "rebuild", "end", "stand", "go on") }),
  },
);

function untold() {
  return { do: fc.constant("change" as const), source, of: fc.nat({ max: 2 }), gone: fc.boolean() };
}

const anyFates: fc.Arbitrary<Fate[]> = fc.array(
  fc.constantFrom<Fate>(
    "at once",
    "at once",
    "at once",
    "late",
    "late",
    "lost",
    "twice",
    "refused",
    "taken, yet refused",
  ),
  { minLength: 6, maxLength: 30, size: "max" },
);

/** Addresses are numbers that grow with the cluster's history: no later version may have an older state. */
const assertLaterIsNewer = (sent: readonly TargetGroupChanged[]) => {
  const groups = Map.groupBy(
    sent.filter(({ change }) => change === "updated"),
    ({ provider, group }) => `${provider} ${group!.source}`,
  );
  for (const events of groups.values()) {
    const inOrder = events.sort((a, b) => (isLater(a.version, b.version) ? 1 : -1));
    const states = inOrder.map(({ group }) => Number(group!.targets[0]!.__address__));
    assert.deepEqual(
      states,
      states.toSorted((a, b) => a - b),
    );
  }
};
