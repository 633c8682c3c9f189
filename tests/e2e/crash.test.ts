import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { type ApiServer, startApiServer } from "../../local/demo/apiserver.ts";
import { type Churn, createChurn } from "./crash/churn.ts";
import { randomFrom } from "./crash/random.ts";
import { crashRounds } from "./crash/rounds.ts";
import { assertTrue, jobsOn } from "./crash/truth.ts";
import { temporaryFolder } from "./folder.ts";
import { freePort } from "./ports.ts";
import { type Rollcall, startRollcall, whileRunning } from "./rollcall.ts";

const seed = Number(process.env.ROLLCALL_CRASH_SEED ?? randomInt(2 ** 31));

/**
 * Promises 2 and 5 on the running program: whenever it is killed, the next one on the same data ends in the cluster's
 * truth. ROLLCALL_CRASH_ROUNDS says how often; ROLLCALL_CRASH_SEED repeats the moments and the changes.
 */
describe(`being killed at any moment, while the cluster changes (ROLLCALL_CRASH_SEED=${seed})`, () => {
  const folder = temporaryFolder("crash");
  const random = randomFrom(seed);
  let server: ApiServer;
  let churn: Churn;
  let rollcall: Rollcall | undefined;
  let start: () => Promise<Rollcall>;
  let kills = 0;

  before(async () => {
    server = await startApiServer();
    churn = createChurn({ server, random: randomFrom(seed + 1) });
    const config = join(folder.path, "prometheus.yml");
    const settings = join(folder.path, "rollcall.yml");
    writeFileSync(config, stringify({ scrape_configs: jobsOn(server) }));
    // While nobody looks, more may go than the guard would let go at once; it has tests of its own.
    writeFileSync(settings, stringify({ guard: { max_removed: 1 } }));
    const port = await freePort();
    start = () => startRollcall({ config, settings, data: join(folder.path, "data"), port });
  });

  after(async () => {
    churn.pause();
    await rollcall?.stop();
    await server.close();
    folder.remove();
  });

  const kill = async (running: Rollcall) => {
    assert.equal(running.exit(), undefined, `it ended by itself: ${running.output()}`);
    running.send("SIGKILL");
    assert.equal(await running.ended, "SIGKILL");
    kills += 1;
  };

  for (let round = 1; round <= crashRounds; round += 1) {
    test(`round ${round}: nothing is lost, nothing is revived`, async (t) => {
      churn.resume(changesPerSecond);
      if (rollcall !== undefined) {
        await sleep(random() * longestLife);
        await kill(rollcall);
      }
      // A start that is killed as well: while it reads its state, waits for the dead one's lease, or applies what was on its way.
      for (let more = Math.floor(random() * 3); more > 0; more -= 1) {
        rollcall = await start();
        await sleep(random() * longestStart);
        await kill(rollcall);
      }
      rollcall = await start();
      await sleep(random() * longestStart);
      churn.pause();
      await converged(rollcall);
      t.diagnostic(`after ${churn.changes()} changes and ${kills} kills`);
    });
  }

  const converged = async (running: Rollcall) => {
    const what = "every list is the cluster's truth";
    await whileRunning(running, { what, seconds: 60 }, () => assertTrue(running, server));
    // What is still on its way must not undo it.
    for (let again = 0; again < 5; again += 1) {
      await sleep(200);
      await assertTrue(running, server);
    }
  };
});

const changesPerSecond = 8;

/** Milliseconds. A start takes one to two seconds until it answers, and the dead one's lease up to fifteen. */
const longestStart = 4000;
const longestLife = 3000;
