import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rememberSecret, Secret } from "../../lib/config/secret.ts";
import { createLog, type LogOptions } from "../../lib/log.ts";

describe("a log line", () => {
  const setUp = (options: Partial<LogOptions> = {}) => {
    const lines: string[] = [];
    const log = createLog({ level: "info", ...options, write: (line) => lines.push(line) });
    return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "{}") };
  };

  test("is one line of JSON with Powertools' standard keys and the facts beside them", () => {
    const { log, lines, last } = setUp({ service: "rollcall-prod" });
    log.warn("look\nfailed", { provider: "static/1", attempts: 2 });
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines[0]!, /\n/);
    const { timestamp, ...rest } = last();
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
    assert.deepEqual(rest, {
      level: "WARN",
      message: "look\nfailed",
      service: "rollcall-prod",
      provider: "static/1",
      attempts: 2,
    });
  });

  test("below the level is left out", () => {
    const { log, lines } = setUp({ level: "warn" });
    log.debug("a");
    log.info("b");
    log.trail("c");
    log.error("d");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).message),
      ["d"],
    );
  });

  test("of a change's road shows where it is wanted", () => {
    for (const [trail, shown] of [
      ["info", 1],
      ["debug", 0],
    ] as const) {
      const { log, lines } = setUp({ trail });
      log.trail("applied", { source: "pod/shop/web-1" });
      assert.equal(lines.length, shown);
    }
  });

  test("has no secret, however deep it lies, and no stack", () => {
    const value = `made-up-${process.hrtime.bigint()}`;
    rememberSecret(value);
    const { log, lines, last } = setUp();
    const secret = new Secret(value);
    const error = new Error(`the server said ${value}`, { cause: secret });
    log.info("a", { secret, list: [{ deep: { secret } }], map: { secret }, error });
    assert.ok(!lines[0]!.includes(value));
    assert.equal(last().list[0].deep.secret, "<secret>");
    assert.deepEqual(last().error, { name: "Error", message: "the server said <secret>" });
  });

  test("may hold what JSON cannot: a ring, a big number", () => {
    const ring: Record<string, unknown> = { big: 12n };
    ring.self = ring;
    const { log, last } = setUp();
    log.info("a", { ring });
    assert.deepEqual(last().ring, { big: "12" });
  });
});
