import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { rollcall } from "./run.ts";

/** What bash offers for a line that ends in its last word. */
const offered = (script: string, words: readonly string[]): string[] => {
  const setup = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _rollcall; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, status, stderr } = spawnSync("bash", ["-c", setup], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.split("\n").filter((line) => line !== "");
};

describe("rollcall completion", () => {
  test("offers commands, options and values in bash", async () => {
    const { out } = await rollcall(["completion", "bash"]);
    assert.deepEqual(offered(out, ["rollcall", "ex"]), ["explain"]);
    assert.deepEqual(offered(out, ["rollcall", "targets", "--st"]), ["--state"]);
    assert.deepEqual(offered(out, ["rollcall", "targets", "--state", "d"]), ["dropped", "duplicate"]);
    assert.deepEqual(offered(out, ["rollcall", "scrape-config", "--for", "v"]), ["vmagent"]);
    assert.deepEqual(offered(out, ["rollcall", "completion", "f"]), ["fish"]);
  });

  test("names every command for zsh and fish, with its quotes closed", async () => {
    for (const shell of ["zsh", "fish"]) {
      const { code, out } = await rollcall(["completion", shell]);
      assert.equal(code, 0);
      for (const name of ["up", "file-sd", "scrape-config", "max-lost"])
        assert.ok(out.includes(name), `${shell}: ${name}`);
      const quotes = out.replaceAll(`'\\''`, "").match(/'/g)?.length ?? 0;
      assert.equal(quotes % 2, 0, shell);
    }
  });
});
