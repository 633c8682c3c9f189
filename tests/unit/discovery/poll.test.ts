import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Look, Outcome } from "../../../lib/discovery/discoverer.ts";
import { createPollFollow } from "../../../lib/discovery/poll.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { provider } from "../../fakes/providers.ts";
import { createTurnedClock, settle } from "../local/turnedclock.ts";

const everySecond = provider({ id: "http/1", every: 1_000 });
const everyMinute = provider({ id: "http/60", every: 60_000 });

/** Follows with a clock that the test turns, and a discoverer that ends a look when the test says so. */
const follow = (providers: readonly Provider[], marks?: () => string) => {
  const clock = createTurnedClock();
  const asked: { at: number; providers: string[] }[] = [];
  const looks: { outcomes: (look: Partial<Look> | Error) => void; signal: AbortSignal }[] = [];
  const begunAt = clock.now();
  const following = createPollFollow({
    clock,
    discover: (wanted, signal) =>
      new Promise<Outcome[]>((resolve) => {
        const give = (found: Partial<Look> | Error) => resolve(wanted.map((one) => outcomeOf(one, found)));
        signal.addEventListener("abort", () => give(new Error("called off")));
        looks.push({ outcomes: give, signal });
      }),
    ...(marks && { marks: async () => marks() }),
  })(
    { cluster: "http/1", providers },
    {
      changed: () => assert.fail("nothing is told source by source"),
      lookAgain: (again) =>
        void asked.push({ at: clock.now() - begunAt, providers: again.map(({ id }) => id) }),
    },
  );
  /** Looks now; the look lasts as long as said. */
  const look = async (
    wanted: readonly Provider[],
    { lasts = 0, found = {} as Partial<Look> | Error } = {},
  ) => {
    const looking = following.look(wanted, new AbortController().signal);
    await settle();
    await clock.turn(lasts);
    looks.at(-1)?.outcomes(found);
    return looking;
  };
  return { clock, asked, looks, following, look, take: () => asked.splice(0) };
};

const outcomeOf = (one: Provider, found: Partial<Look> | Error): Outcome =>
  found instanceof Error
    ? { provider: one, error: found }
    : { provider: one, look: { groups: [], keeps: () => false, problems: [], ...found } };

describe("polling", () => {
  test("asks for a look one interval after the last one began", async () => {
    const { clock, look, take } = follow([everySecond]);
    await look([everySecond], { lasts: 300 });
    await clock.turn(699);
    assert.deepEqual(take(), []);
    await clock.turn(1);
    assert.deepEqual(take(), [{ at: 1_000, providers: ["http/1"] }]);
  });

  test("asks each provider in its own interval, and those that are due together at once", async () => {
    const { clock, look, take } = follow([everySecond, everyMinute]);
    await look([everySecond, everyMinute]);
    for (let second = 0; second < 59; second++) {
      await clock.turn(1_000);
      assert.deepEqual(
        take().map(({ providers }) => providers),
        [["http/1"]],
      );
      await look([everySecond]);
    }
    await clock.turn(1_000);
    assert.deepEqual(take(), [{ at: 60_000, providers: ["http/1", "http/60"] }]);
  });

  test("does not ask while a look goes on, and once right after one that took longer than the interval", async () => {
    const { clock, look, take } = follow([everySecond]);
    await look([everySecond], { lasts: 5_500 });
    assert.deepEqual(take(), []);
    await clock.turn(0);
    assert.deepEqual(take(), [{ at: 5_500, providers: ["http/1"] }]);
    await look([everySecond]);
    await clock.turn(999);
    assert.deepEqual(take(), []);
  });

  test("counts from a look that nobody was asked for, such as a full check", async () => {
    const { clock, look, take } = follow([everyMinute]);
    await clock.turn(50_000);
    await look([everyMinute]);
    await clock.turn(59_000);
    assert.deepEqual(take(), []);
    await clock.turn(1_000);
    assert.equal(take().length, 1);
  });

  test("reminds whoever was asked and does not look, without haste", async () => {
    const { clock, take } = follow([everySecond]);
    await clock.turn(30_999);
    assert.deepEqual(
      take().map(({ at }) => at),
      [1_000, 11_000, 21_000],
    );
  });

  test("gives what the discoverer found", async () => {
    const { look } = follow([everySecond]);
    const groups = [{ source: "a", labels: {}, targets: [{ __address__: "a:1" }] }];
    const [outcome] = await look([everySecond], { found: { groups } });
    assert.ok(outcome && "look" in outcome);
    assert.deepEqual(outcome.look.groups, groups);
  });

  test("has the last look's error or problems for its troubles, for each provider alone", async () => {
    const { following, look } = follow([everySecond, everyMinute]);
    assert.deepEqual(following.troubles(everySecond), []);
    await look([everySecond], { found: new Error("refused") });
    assert.deepEqual(following.troubles(everySecond), ["refused"]);
    assert.deepEqual(following.troubles(everyMinute), []);
    await look([everySecond], { found: { problems: ["a.yml: no list", "b.yml: gone"] } });
    assert.deepEqual(following.troubles(everySecond), ["a.yml: no list", "b.yml: gone"]);
    await look([everySecond]);
    assert.deepEqual(following.troubles(everySecond), []);
  });

  test("is in trouble when nobody looks for three intervals and a minute", async () => {
    const { clock, following, look } = follow([everySecond]);
    await look([everySecond]);
    await clock.turn(63_000);
    assert.deepEqual(following.troubles(everySecond), []);
    await clock.turn(1);
    assert.deepEqual(following.troubles(everySecond), ["not looked at since 2026-01-02T03:04:05.000Z"]);
    await look([everySecond]);
    assert.deepEqual(following.troubles(everySecond), []);
  });

  test("calls the look under way off when it ends, and asks for nothing more", async () => {
    const { clock, following, looks, take } = follow([everySecond], () => "same");
    const looking = following.look([everySecond], new AbortController().signal);
    await settle();
    await following.end({ keep: true });
    assert.equal(looks[0]?.signal.aborted, true);
    const [outcome] = await looking;
    assert.ok(outcome && "error" in outcome);
    await clock.turn(60_000);
    assert.deepEqual(take(), []);
  });
});

describe("polling by marks", () => {
  test("asks within a second once the marks have changed, and only then", async () => {
    let marks = "one";
    const { clock, look, take } = follow([everyMinute], () => marks);
    await look([everyMinute]);
    await clock.turn(10_000);
    assert.deepEqual(take(), []);
    marks = "two";
    await clock.turn(1_000);
    assert.deepEqual(take(), [{ at: 11_000, providers: ["http/60"] }]);
    await look([everyMinute]);
    await clock.turn(59_000);
    assert.deepEqual(take(), []);
    await clock.turn(1_000);
    assert.equal(take().length, 1, "the interval goes on beside it");
  });

  test("sees what changed while a look was reading", async () => {
    let marks = "one";
    const { clock, look, following, looks, take } = follow([everyMinute], () => marks);
    await look([everyMinute]);
    const looking = following.look([everyMinute], new AbortController().signal);
    await settle();
    marks = "two";
    await clock.turn(2_500);
    assert.deepEqual(take(), [], "not while it goes on");
    looks.at(-1)?.outcomes({});
    await looking;
    await clock.turn(1_000);
    assert.equal(take().length, 1);
  });
});
