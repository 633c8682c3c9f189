import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { assertTrue } from "../crash/truth.ts";
import { eventually } from "../eventually.ts";
import { reload } from "../rollcall.ts";
import { killing, losing } from "./faults.ts";
import { lineOf, type Run } from "./history.ts";

/**
 * No fault any more, and no change: every list must become right within five minutes (promise 5), and stay so while messages that
 * failed come again. Events were lost to the very end; a short run has them found by the next program's first check.
 */
export const settle = async (run: Run, isShort: boolean): Promise<number> => {
  const { world, say } = run;
  await loseTheLast(run);
  if (isShort) {
    const from = Date.now();
    await world.restart("SIGKILL");
    run.befallen.push({ kind: killing, from, until: Date.now(), hit: 1 });
  }
  const began = Date.now();
  const all = async () => {
    const running = world.program();
    assert.ok(running);
    for (const { server, prefix } of [world.followed, world.looked])
      await assertTrue(running, server, prefix);
  };
  try {
    await eventually("every list is the clusters' truth (promise 5)", isShort ? 60 : 300 + margin, all);
    const repaired = Date.now() - began;
    say(`every list was right after ${(repaired / 1000).toFixed(1)} s`);
    await eventually("a reload is accepted", 60, async () => {
      const running = world.program();
      assert.ok(running);
      const { status, text } = await reload(running);
      assert.equal(status, 200, text);
    });
    const until = Date.now() + (isShort ? 2_000 : redelivery);
    while (Date.now() < until) {
      await all();
      await sleep(500);
    }
    return repaired;
  } catch (error) {
    run.failures.push(lineOf(error));
    return Date.now() - began;
  }
};

const loseTheLast = async ({ world, befallen, say }: Run) => {
  const from = Date.now();
  const end = world.door.set({ share: 0.3, effect: { kind: "fate", fate: "lost" } });
  await sleep(5_000);
  for (const { churn } of [world.followed, world.looked]) churn.pause();
  await sleep(500);
  const hit = end();
  befallen.push({ kind: losing, from, until: Date.now(), hit });
  say(`the faults are over, ${hit} events of the last seconds are lost`);
};

/** Seconds: a machine that does other work, too. */
const margin = 15;
/** Milliseconds: a message that failed is hidden for three minutes. */
const redelivery = 190_000;
