import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { commit } from "../../../bench/support/machine.ts";

describe("the commit that figures are of", () => {
  let folder = "";
  const git = (...words: string[]) => execFileSync("git", words, { cwd: folder, stdio: "pipe" });
  const write = (path: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), String(Math.random()));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rollcall-commit-"));
    git("init", "--quiet");
    for (const path of [...written, "lib/aws.ts"]) write(path);
    git("add", "--all");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=first");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is that of the clone, also when benches before it have written what they write", () => {
    assert.match(commit(folder), /^[0-9a-f]{10}$/);
    written.forEach(write);
    assert.match(commit(folder), /^[0-9a-f]{10}$/);
  });

  test("has a plus when anything else differs from it", () => {
    write("lib/aws.ts");
    assert.match(commit(folder), /^[0-9a-f]{10}\+$/);
  });

  test("is unknown outside of a clone", () => {
    rmSync(join(folder, ".git"), { recursive: true });
    assert.equal(commit(folder), "unknown");
  });
});

const written = ["README.md", "docs/figures.md", "docs/bench/pods.svg", "bench/results/pods.json"];
