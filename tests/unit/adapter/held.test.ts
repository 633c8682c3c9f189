import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createHeld } from "../../../lib/adapter/held.ts";
import { createLog } from "../../../lib/log.ts";

/** A source that a test may break, read through what is held of it. */
const world = (first?: { readonly value: string }) => {
  const source = { now: 0, reads: 0, next: "a" as string | Error };
  const lines: string[] = [];
  const held = createHeld({
    read: async () => {
      source.reads += 1;
      if (source.next instanceof Error) throw source.next;
      return source.next;
    },
    ...(first && { first }),
    what: "it",
    now: () => source.now,
    log: createLog({ level: "info", write: (line) => lines.push(JSON.parse(line).message) }),
  });
  return { source, lines, held };
};

describe("what was read last", () => {
  test("is read anew after five seconds, once for all who ask", async () => {
    const { source, held } = world();
    assert.deepEqual(await Promise.all([held(), held()]), ["a", "a"]);
    source.next = "b";
    source.now = 4999;
    assert.equal(await held(), "a");
    assert.equal(source.reads, 1);
    source.now = 5000;
    assert.equal(await held(), "b");
  });

  test("holds while it cannot be read, which is told once when it begins and once when it ends", async () => {
    const { source, lines, held } = world();
    await held();
    for (const reason of ["throttled", "throttled", "away"]) {
      source.next = new Error(reason);
      source.now += 5000;
      assert.deepEqual([await held(), await held()], ["a", "a"]);
    }
    assert.equal(source.reads, 4);
    source.next = "b";
    source.now += 5000;
    assert.equal(await held(), "b");
    assert.deepEqual(lines, ["it cannot be read: the last one holds", "it can be read again"]);
  });

  test("is a failure before there is one, and asked for again at once", async () => {
    const { source, held } = world();
    source.next = new Error("away");
    await assert.rejects(held(), /away/);
    source.next = "a";
    assert.equal(await held(), "a");
  });

  test("is what there is to begin with, where that is given", async () => {
    const { source, held } = world({ value: "none" });
    source.next = new Error("away");
    assert.equal(await held(), "none");
  });
});
