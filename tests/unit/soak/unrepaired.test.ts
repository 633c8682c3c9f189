import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unrepaired } from "../../e2e/soak/unrepaired.ts";
import { befallen } from "./befallen.ts";

/** Seconds. */
const wrong = (since: number, until: number) => ({
  ...{ job: "pods", source: "pod/shop/web", since: since * 1000, until: until * 1000 },
});

describe("what is not repaired", () => {
  test("within five minutes is told", () => {
    assert.deepEqual(unrepaired([wrong(0, 200)], []), []);
    assert.deepEqual(unrepaired([wrong(0, 400)], []), [
      "pods: pod/shop/web was not repaired within five minutes (promise 5)",
    ]);
  });

  test("while the program was away does not count, be it before, within or after", () => {
    const away = [befallen("program", -20, 60), befallen("program", 150, 200), befallen("program", 390, 500)];
    assert.deepEqual(unrepaired([wrong(0, 400)], away), []);
  });

  test("by a program that is killed every three minutes is told, since each start checks everything", () => {
    const kills = [180, 360, 540].map((at) => befallen("program", at, at + 5));
    assert.equal(unrepaired([wrong(10, 590)], kills).length, 1);
  });

  test("is not excused by other faults", () => {
    assert.equal(unrepaired([wrong(0, 400)], [befallen("table", 0, 400)]).length, 1);
  });
});
