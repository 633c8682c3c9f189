import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TransientError } from "../../lib/errors.ts";
import { correlate, currentCorrelation } from "../../lib/invocation.ts";
import { lambda } from "../../lib/lambda.ts";
import { createLog } from "../../lib/log.ts";

describe("a function's stack", () => {
  const setUp = (work: () => Promise<unknown>) => {
    const lines: Record<string, unknown>[] = [];
    const log = createLog({
      level: "debug",
      service: "stack",
      write: (line) => lines.push(JSON.parse(line)),
    });
    let flushes = 0;
    const flush = () => {
      flushes += 1;
    };
    const handler = lambda("tick", work, { log, meter: { add: () => undefined, flush } });
    const run = (id: string) => handler({}, { awsRequestId: id, getRemainingTimeInMillis: () => 1000 });
    return { log, lines, run, flushes: () => flushes };
  };

  test("tells who is at work in every line, also of two that work side by side", async () => {
    const { log, lines, run } = setUp(async () => {
      await Promise.resolve();
      log.info("worked", { as: currentCorrelation() });
    });
    await Promise.all([run("one"), run("two")]);
    const told = lines.filter(({ message }) => message === "worked");
    assert.deepEqual(
      told.map((line) => [
        line.service,
        line.function,
        line.function_request_id,
        line.correlation_id,
        line.as,
      ]),
      ["one", "two"].map((id) => ["stack", "tick", id, id, id]),
    );
  });

  test("follows the one on whose behalf it works, to its last line", async () => {
    const { lines, run } = setUp(async () => correlate("another"));
    await run("one");
    const [done] = lines;
    assert.deepEqual(
      [done?.message, done?.function_request_id, done?.correlation_id],
      ["done", "one", "another"],
    );
  });

  test("logs a failure once with its class and throws it on, and tells what was measured either way", async () => {
    const failing = setUp(async () => Promise.reject(new TransientError("away")));
    await assert.rejects(failing.run("one"), TransientError);
    assert.deepEqual(
      failing.lines.map(({ level, message, class: kind }) => [level, message, kind]),
      [["ERROR", "away", "transient"]],
    );
    const working = setUp(async () => undefined);
    await working.run("one");
    assert.deepEqual([failing.flushes(), working.flushes()], [1, 1]);
  });

  test("knows nobody outside of an invocation", () => assert.equal(currentCorrelation(), undefined));
});
