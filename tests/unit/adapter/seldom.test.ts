import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeldom } from "../../../lib/adapter/seldom.ts";

test("a text is told once a minute, and so are no more than a hundred different ones", () => {
  let now = 0;
  const told: string[] = [];
  const tell = createSeldom(
    (text) => told.push(text),
    () => now,
  );
  for (const text of ["a", "b", "a"]) tell(text);
  now = 59_999;
  tell("a");
  assert.deepEqual(told.splice(0), ["a", "b"]);
  now = 60_000;
  tell("a");
  for (let at = 0; at < 1000; at++) tell(`of ${at}`);
  assert.equal(told.length, 100);
});
