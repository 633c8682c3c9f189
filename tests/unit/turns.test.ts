import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTurns, TooCostlyError } from "../../lib/turns.ts";

/** Turns of a clock that goes on by so many milliseconds with every step. */
const turnsOf = (milliseconds: number, more: { most?: number; turn?: number } = {}) => {
  let now = 0;
  let given = 0;
  const others = async () => {
    given += 1;
    now += 1000;
  };
  const turns = createTurns({ clock: () => now, others, ...more });
  const step = async () => {
    now += milliseconds;
    await turns.next();
  };
  return { step, given: () => given };
};

describe("long work in turns", () => {
  test("lets others have theirs after ten milliseconds, and goes on without them before", async () => {
    const { step, given } = turnsOf(4);
    for (let steps = 0; steps < 9; steps += 1) await step();
    assert.equal(given(), 3);
  });

  test("lets them have theirs as soon as it is told to", async () => {
    const { step, given } = turnsOf(1, { turn: 2 });
    for (let steps = 0; steps < 9; steps += 1) await step();
    assert.equal(given(), 4);
  });

  test("ends when it was more than it may be, whatever the others took in between", async () => {
    const { step, given } = turnsOf(10, { most: 45 });
    for (let steps = 0; steps < 4; steps += 1) await step();
    await assert.rejects(step(), TooCostlyError);
    assert.equal(given(), 4);
  });
});
