import assert from "node:assert/strict";
import { test } from "node:test";
import { readRate, startSchedules } from "../../../local/schedule.ts";
import { createTurnedClock } from "./turnedclock.ts";

test("schedule: fires at once, saying that it starts, then by its rate, until it is stopped", async () => {
  const clock = createTurnedClock();
  const fired: unknown[] = [];
  const schedules = [{ function: "tick", every: 60_000, input: { schedule: "tick" } }];
  const stop = startSchedules({ schedules, clock, fire: (name, input) => fired.push([name, input]) });
  await clock.turn(0);
  assert.deepEqual(fired, [["tick", { schedule: "tick", start: true }]]);
  await clock.turn(59_999);
  assert.equal(fired.length, 1);
  await clock.turn(120_001);
  assert.equal(fired.length, 4);
  assert.deepEqual(fired[3], ["tick", { schedule: "tick" }]);
  stop();
  await clock.turn(600_000);
  assert.equal(fired.length, 4);
});

test("schedule: a function that is to be quicker than its rate is, and no other", async () => {
  const clock = createTurnedClock();
  const fired: string[] = [];
  const schedules = ["tick", "collect"].map((name) => ({ function: name, every: 60_000, input: {} }));
  const stop = startSchedules({
    schedules,
    paces: { collect: 5000 },
    clock,
    fire: (name) => fired.push(name),
  });
  await clock.turn(59_999);
  stop();
  assert.deepEqual(
    ["tick", "collect"].map((name) => fired.filter((one) => one === name).length),
    [1, 12],
  );
});

test("schedule: after a sleep of the machine it fires once, not once for each firing it missed", () => {
  let now = 0;
  let wait = 0;
  let due = () => {};
  const clock = {
    now: () => now,
    after: (milliseconds: number, run: () => void) => {
      wait = milliseconds;
      due = run;
      return () => {};
    },
  };
  const fired: number[] = [];
  const schedules = [{ function: "tick", every: 60_000, input: {} }];
  startSchedules({ schedules, clock, fire: () => fired.push(now) });
  due();
  now = 8 * 3_600_000 + 1;
  due();
  assert.deepEqual(fired, [0, now]);
  assert.equal(wait, 60_000);
});

test("schedule: rates are read, anything else is refused by name", () => {
  assert.equal(readRate("rate(1 minute)"), 60_000);
  assert.equal(readRate("rate(5 minutes)"), 300_000);
  assert.equal(readRate("rate(2 hours)"), 7_200_000);
  assert.equal(readRate("rate(1 day)"), 86_400_000);
  for (const bad of ["cron(0 12 * * ? *)", "rate(0 minutes)", "rate(1 week)", "1 minute"]) {
    assert.throws(
      () => readRate(bad),
      (error) => error instanceof Error && error.message.startsWith(`schedule ${bad}:`),
    );
  }
});
