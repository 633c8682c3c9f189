import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clean, cleanJson } from "../../../cli/output/clean.ts";
import { withProgress } from "../../../cli/output/progress.ts";
import { paint, table } from "../../../cli/output/table.ts";

const screen = (columns: number | undefined) => ({ write: () => undefined, columns });

describe("output", () => {
  test("shows control sequences and marks of direction instead of obeying them", () => {
    assert.equal(clean("a\u001b[2Jb\u009bc\nd"), "a\\u001b[2Jb\\u009bc\\nd");
    assert.equal(clean("safe\u202egpj.exe"), "safe\\u202egpj.exe");
    assert.equal(clean("grün 猫 👍"), "grün 猫 👍");
  });

  test("writes JSON that reads back the same and holds nothing for a terminal to obey", () => {
    const value = { label: "a\u009b\u202e\u2028\n\u{e0001}" };
    const text = cleanJson(value);
    assert.deepEqual(JSON.parse(text), value);
    assert.match(text, /^[\n -~]*$/);
  });

  test("fits a table to the terminal, taking from the widest column", () => {
    const rows = [["pods", "x".repeat(200), "short"]];
    const fitted = table(["JOB", "LABELS", "STATE"], rows, screen(40)).split("\n");
    assert.ok(
      fitted.every((line) => line.length <= 40),
      fitted.join("\n"),
    );
    assert.match(fitted[1] ?? "", /^pods {2}x+… {2}short$/);
  });

  test("counts two cells for East Asian characters and none for combining marks", () => {
    const lines = table(
      ["A", "B"],
      [
        ["猫猫", "1"],
        ["e\u0301", "2"],
      ],
      screen(undefined),
    ).split("\n");
    assert.deepEqual(lines.slice(0, 3), ["A     B", "猫猫  1", "e\u0301     2"]);
  });

  test("cuts nothing when the output is no terminal", () => {
    assert.match(table(["A"], [["x".repeat(500)]], screen(undefined)), /x{500}/);
  });

  test("paints on a terminal only, and not under NO_COLOR or on a dumb one", () => {
    const painted = (columns: number | undefined, environment = {}) =>
      paint({ out: screen(columns), environment }).good("yes");
    assert.equal(painted(80), "\u001b[32myes\u001b[0m");
    assert.equal(painted(undefined), "yes");
    assert.equal(painted(80, { NO_COLOR: "1" }), "yes");
    assert.equal(painted(80, { TERM: "dumb" }), "yes");
  });

  test("tells progress on a terminal once the work takes long, and wipes it", async () => {
    const written: string[] = [];
    let ring = () => {};
    const clock = {
      now: () => 0,
      after: (_: number, run: () => void) => {
        ring = run;
        return () => undefined;
      },
    };
    const err = { write: (text: string) => void written.push(text), columns: 20 };
    await withProgress({ err, clock }, async (tell) => {
      tell("job a");
      assert.deepEqual(written, []);
      ring();
      tell("job b");
    });
    assert.deepEqual(written, ["\r\u001b[Kjob a", "\r\u001b[Kjob b", "\r\u001b[K"]);
    await withProgress({ err: { ...err, columns: undefined }, clock }, async (tell) => tell("quiet"));
    assert.equal(written.length, 3);
  });
});
