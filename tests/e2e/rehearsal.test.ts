import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { freePort } from "./ports.ts";
import { repository, runProgram } from "./process.ts";
import { deployed } from "./rehearsal/deployed.ts";
import { deploy, type Tool, tool } from "./rehearsal/tool.ts";

/**
 * The deployment itself, by the real tool against an emulator of AWS's interfaces (moto): what it proves is the way there, not the
 * template, which AWS's validator and our own rules look at. Preparing the emulator takes a minute or two once, on each machine.
 */
describe("a deployment", () => {
  const up = resolve(repository, "../shared/rehearsal/up");
  const folder = join(tmpdir(), "rollcall-rehearsal");
  const { functions: listed }: { functions: object } = parse(
    readFileSync(join(repository, "serverless.yml"), "utf8"),
  );
  const functions = Object.keys(listed).sort();
  let aws: Tool;

  before(async () => {
    assert.ok(existsSync(up), `${up} is missing, and nothing can be rehearsed without it`);
    const port = await freePort();
    await runProgram(up, [folder, String(port)]);
    aws = tool(`http://127.0.0.1:${port}`);
  });
  after(async () => {
    await runProgram(up, ["--down", folder]);
  });

  test("makes what the template says", async () => {
    await deploy(aws, "first");
    const found = await deployed(aws, "rollcall-first");
    assert.ok(functions.length >= 5);
    assert.deepEqual(
      found.functions,
      functions.map((name) => `rollcall-first-${name}`),
    );
    assert.deepEqual(found.mappings, [
      { function: "rollcall-first-reduce", batch: 10, window: 0, partial: ["ReportBatchItemFailures"] },
    ]);
    assert.deepEqual(found.rules, [
      {
        types: ["Discovery Due"],
        target: "rollcall-first-discover",
        attempts: 0,
        age: 60,
        letters: "FailedOrders",
      },
      { types: ["Relay Due"], target: "rollcall-first-relay", attempts: 0, age: 60, letters: "FailedOrders" },
      {
        types: ["Target Group Changed"],
        target: "Changes",
        attempts: 185,
        age: 3600,
        letters: "DeadLetters",
      },
    ]);
    assert.deepEqual(
      found.schedules.toSorted((a, b) => (a.target < b.target ? -1 : 1)),
      ["collect", "relist", "tick"].map((name) => ({
        rate: "rate(1 minute)",
        target: `rollcall-first-${name}`,
      })),
    );
    assert.deepEqual(found.queues, { Changes: "DeadLetters", DeadLetters: "", FailedOrders: "" });
    assert.deepEqual(found.table, { keys: ["pk", "sk"], indexes: ["moved"], isProtected: true });
  });

  test("gives each function a role of its own with one policy written for it", async () => {
    const { roles } = await deployed(aws, "rollcall-first");
    assert.deepEqual(
      roles,
      functions.map((name) => ({ function: name, policies: [name], managed: 0 })),
    );
  });

  test("says what is there", async () => {
    const text = await aws.run(["info", "--stage", "first"]);
    assert.match(text, /stage: first\nregion: eu-central-1\nstack: rollcall-first/);
  });

  test("changes what a parameter changes", async () => {
    await deploy(aws, "first", { batchingWindow: "5", follow: "relay" });
    const found = await deployed(aws, "rollcall-first");
    assert.equal(found.mappings[0]?.window, 5);
    assert.equal(found.follow, "relay");
  });

  test("stands beside another stage's, which its removal leaves alone", async () => {
    await deploy(aws, "second");
    await aws.run(["remove", "--stage", "first"]);
    assert.deepEqual((await deployed(aws, "rollcall-first")).functions, []);
    const second = await deployed(aws, "rollcall-second");
    assert.equal(second.functions.length, functions.length);
    assert.equal(second.rules.length, 3);
  });
});
