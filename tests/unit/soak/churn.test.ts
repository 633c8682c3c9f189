import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startApiServer } from "../../../local/demo/apiserver.ts";
import { createChurn } from "../../e2e/crash/churn.ts";
import { randomFrom } from "../../e2e/crash/random.ts";

test("a cluster that never rests makes up for the changes that a busy machine kept it from", async (t) => {
  const server = await startApiServer();
  const churn = createChurn({ server, random: randomFrom(1) });
  t.after(() => {
    churn.pause();
    return server.close();
  });
  assert.equal(churn.changes(), 0);
  churn.resume(100);
  const until = performance.now() + 500;
  while (performance.now() < until);
  await sleep(20);
  churn.pause();
  const made = churn.changes();
  assert.ok(made >= 50, `${made} changes`);
  await sleep(20);
  assert.equal(churn.changes(), made);
});
