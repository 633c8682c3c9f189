import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { folderFor } from "./run.ts";

const bin = resolve(import.meta.dirname, "../../../cli/bin.mjs");

const run = (words: readonly string[]) => spawnSync(process.execPath, words, { encoding: "utf8" });

describe("the program", () => {
  test("runs the source in the clone, and ends with the command's code", () => {
    const good = run([bin, "--version"]);
    assert.deepEqual([good.status, good.stderr], [0, ""]);
    const bad = run([bin, "dance"]);
    assert.equal(bad.status, 2);
    assert.match(bad.stderr, /^rollcall: there is no command dance/);
  });

  test("says in one line that an old Node will not do, when npm brought no other", (context) => {
    const folder = join(folderFor(context), "cli");
    mkdirSync(folder);
    const copy = join(folder, "bin.mjs");
    copyFileSync(bin, copy);
    const old =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } })";
    const { status, stderr } = run([
      "--import",
      `data:text/javascript,${encodeURIComponent(old)}`,
      copy,
      "--help",
    ]);
    assert.equal(status, 2);
    assert.equal(stderr, "rollcall: Node 24 or later is needed, and this is 20.11.0\n");
  });

  test("refuses wrong arguments of the local run as the local run does", () => {
    const { status, stderr } = run([bin, "up", "--settings", "a.yml"]);
    assert.equal(status, 2);
    assert.match(stderr, /--settings needs --config FILE/);
  });
});
