import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { readResults, writeResult } from "../../../bench/support/result.ts";
import { resultOf } from "./result.ts";

const result = resultOf({ name: "errors", unit: "", ours: 0 });

describe("results", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rollcall-results-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("are read as they were written, in the order of their names", () => {
    writeResult(folder, { ...result, bench: "walk" });
    writeResult(folder, result);
    assert.deepEqual(readResults(folder), [result, { ...result, bench: "walk" }]);
  });

  test("are refused with their path and the place where they are not as they should be", () => {
    const file = join(folder, "road.json");
    writeFileSync(file, JSON.stringify({ ...result, figures: [{ name: "errors", unit: "miles", ours: 0 }] }));
    assert.throws(
      () => readResults(folder),
      (error: Error) => {
        assert.ok(error.message.includes(file), error.message);
        assert.match(error.message, /figures\[0\]\.unit/);
        return true;
      },
    );
  });

  test("are refused under the name of another bench", () => {
    writeFileSync(join(folder, "walk.json"), JSON.stringify(result));
    assert.throws(() => readResults(folder), /walk\.json is of road/);
  });

  test("are not written when two figures have the same name and workload", () => {
    const [figure] = result.figures;
    assert.throws(() => writeResult(folder, resultOf(figure!, figure!)), /its own/);
  });
});
