import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { commands } from "../../../cli/commands.ts";
import { folderFor, rollcall } from "./run.ts";

describe("the command line", () => {
  test("tells all commands, and ends with 0, when help is asked for", async () => {
    const { code, out } = await rollcall(["--help"]);
    assert.equal(code, 0);
    for (const { name } of commands) assert.match(out, new RegExp(`^  ${name}\\b`, "m"));
  });

  for (const { name, options } of commands) {
    test(`${name} --help tells each of its options`, async () => {
      const { code, out, err } = await rollcall([name, "--help"]);
      assert.deepEqual([code, err], [0, ""]);
      for (const option of Object.keys(options)) assert.match(out, new RegExp(`^  --${option}\\b`, "m"));
      assert.deepEqual(await rollcall(["help", name]), { code: 0, out, err: "" });
    });
  }

  test("tells the package's version", async () => {
    assert.match((await rollcall(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
  });

  const refusals: readonly (readonly [words: readonly string[], line: RegExp])[] = [
    [[], /a command is needed: up, check/],
    [["dance"], /no command dance; there are up, check/],
    [["targets", "--jobs", "a"], /targets: Unknown option '--jobs'; its options are --job, --match/],
    [["targets", "--state", "gone"], /--state gone: expected active, dropped, failed, duplicate, any/],
    [["targets", "--output", "xml"], /--output xml: expected table, json/],
    [["targets", "--job", "a", "--job", "b"], /--job may be given once/],
    [["targets", "--job="], /--job needs a value/],
    [["targets", "--limit", "0"], /--limit 0: expected a whole number from 1/],
    [["targets", "surplus"], /surplus is one word too many/],
    [["check"], /check needs FILE/],
    [["completion", "csh"], /completion csh: expected bash, zsh, fish/],
    [["targets", "--server", "ftp://a"], /--server ftp:\/\/a: expected a URL that begins with http/],
    [["targets", "--server", "http://me:secret@127.0.0.1"], /no login in a URL; .*--token-file/],
    [["file-sd", "--job", "a"], /file-sd needs --job JOB and --out FILE/],
    [
      ["file-sd", "--job", "a", "--out", "a.txt"],
      /--out a.txt: file_sd_configs reads .json, .yml and .yaml only/,
    ],
    [["file-sd", "--job", "a", "--out", "a.json", "--interval", "1ms"], /--interval 1ms: expected 1s to 1d/],
    [["changes", "--since", "yesterday"], /--since yesterday: expected a time as RFC 3339 .* or a duration/],
    [["rebuild"], /rebuild needs exactly one of --provider ID, --cluster NAME and --all/],
    [["rebuild", "--all", "--cluster", "a"], /rebuild needs exactly one of/],
    [["compare"], /compare needs --prometheus URL/],
    [
      ["diff", "--config", "a", "--max-lost", "half"],
      /--max-lost half: expected a whole number such as 5, or a share/,
    ],
    [["diff"], /diff needs --config FILE/],
    [["scrape-config"], /scrape-config needs --config FILE/],
    [["scrape-config", "--config", "a", "--shard", "4/4"], /--shard 4\/4: shard must be/],
    [["targets", "--token-file", "/nowhere/token"], /--token-file \/nowhere\/token: ENOENT/],
  ];
  for (const [words, line] of refusals) {
    test(`refuses \`${words.join(" ")}\` in one line, with 2`, async () => {
      const { code, out, err } = await rollcall(words);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, line);
      assert.equal(err.split("\n").length, 2, err);
      assert.doesNotMatch(err, /secret/);
    });
  }

  test("refuses a token file with more than a token, and does not repeat it", async (context) => {
    const file = join(folderFor(context), "token");
    writeFileSync(file, "hunter2hunter2 and more");
    const { code, err } = await rollcall(["targets", "--token-file", file]);
    assert.equal(code, 2);
    assert.match(err, /expected one token and nothing else/);
    assert.doesNotMatch(err, /hunter2/);
  });
});
