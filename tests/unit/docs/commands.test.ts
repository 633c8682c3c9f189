import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as z from "zod";
import { commands } from "../../../cli/commands.ts";
import { usage } from "../../../local/options.ts";
import { commandsIn } from "../../docs/commands.ts";
import { trials, untried } from "../../docs/trials.ts";

const root = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");

// Decisions tell of their day, and generated copies of released ones of theirs.
const pages = globSync(["*.md", "lib/*.md", "docs/**/*.md"], { cwd: root, exclude: ["docs/adr/**"] }).sort();
const shown = new Set(pages.flatMap((page) => commandsIn(read(page))));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));

describe("the commands that the documentation shows", () => {
  test("are found in shell blocks, in sessions and in sentences", () => {
    const page = [
      "Type `npm start` or `lib/a.ts`, `A=1 npx node b.ts`; `kubectl` is a word.",
      "```sh\nnpm run a   # so\nfor x in y; do\n  a \\\n  b\ndone\n```",
      "```console\n$ rollcall cost\n1 USD\n```",
      "```yaml\nnpm: never\n```",
    ].join("\n");
    assert.deepEqual(commandsIn(page), [
      "npm run a",
      "for x in y; do\n  a \\\n  b\ndone",
      "rollcall cost",
      "npm start",
      "A=1 npx node b.ts",
    ]);
    assert.ok(shown.size > 60, String(shown.size));
  });

  test("are each tried by somebody, or it is said why not (tests/docs/trials.ts)", () => {
    const isKnown = (command: string) =>
      Object.hasOwn(trials, command) || untried.some((one) => one.command.test(command));
    assert.deepEqual(
      [...shown].filter((command) => !isKnown(command)),
      [],
    );
  });

  test("are on a page still, all that are tried, and no trial hides behind a rule for those that are not", () => {
    const stale = Object.keys(trials).filter((command) => !shown.has(command));
    assert.deepEqual(stale, []);
    const hidden = Object.keys(trials).filter((one) => untried.some(({ command }) => command.test(one)));
    assert.deepEqual(hidden, []);
    for (const { command } of untried)
      assert.ok(
        [...shown].some((one) => command.test(one)),
        String(command),
      );
  });

  test("are tried by tests that there are, and that have the command's own words or its page", () => {
    for (const [command, trial] of Object.entries(trials)) {
      if (!("by" in trial) || trial.by === ".ci/run") continue;
      assert.match(trial.by, /\.test\.ts$/, command);
      const [, word = command.split(" ").at(-1)!] =
        /\b(?:rollcall|serverless|npm) ([a-z]+)/.exec(command) ?? [];
      const pagesWithIt = pages.filter((page) => commandsIn(read(page)).includes(command));
      const test = read(trial.by);
      const isNamed =
        new RegExp(`(?<![\\w-])${RegExp.escape(word)}(?![\\w-])`).test(test) ||
        pagesWithIt.some((page) => test.includes(page));
      assert.ok(isNamed, `${command}: ${trial.by} names neither ${word} nor ${pagesWithIt.join(", ")}`);
    }
  });

  test("that .ci/run tries are scripts it runs", () => {
    const ci = read(".ci/run");
    for (const [command, trial] of Object.entries(trials)) {
      if (!("by" in trial && trial.by === ".ci/run")) continue;
      for (const [, script = ""] of command.matchAll(/npm (?:run )?([\w:]+)/g))
        assert.match(ci, new RegExp(`^run npm (run --silent )?${script}$`, "m"), command);
    }
  });

  test("call scripts, benches, suites and files that there are", () => {
    for (const command of shown) {
      for (const [, script = ""] of command.matchAll(/npm run (?:--silent )?([\w:]+)/g))
        assert.ok(Object.hasOwn(scripts, script), command);
      for (const [, folder, names = ""] of command.matchAll(/npm run (bench|test:e2e) -- ([a-z -]+)/g))
        for (const name of names.split(" "))
          assert.ok(
            existsSync(join(root, folder === "bench" ? `bench/${name}.ts` : `tests/e2e/${name}.test.ts`)) ||
              name === "all",
            command,
          );
      for (const [, file = ""] of command.matchAll(/node (?:--test )?([\w./-]+\.(?:ts|mjs))/g))
        assert.ok(existsSync(join(root, file)), command);
    }
  });

  test("never want a Node of the reader's that runs TypeScript: npm brings one, and npx has it first", () => {
    const bare = [...shown].filter(
      (one) => /(^|\s)node (--test )?\S+\.ts/.test(one) && !/npx node/.test(one),
    );
    assert.deepEqual(bare, []);
  });
});

describe("the README", () => {
  test("lists the flags that npm start has", () => {
    const listed = [...readme.matchAll(/^\| `(--[a-z]+) /gm)].map(([, flag]) => flag);
    const known = [...usage.matchAll(/^ {2}(--[a-z]+) /gm)].map(([, flag]) => flag);
    assert.deepEqual(listed.toSorted(), known.filter((flag) => flag !== "--help").toSorted());
  });

  test("lists the commands of the command line", () => {
    const sentence = readme.split("\n\n").find((one) => one.startsWith("On the command line")) ?? "";
    const listed = [...sentence.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name);
    // `up` is npm start, and completion is a shell's.
    const known = commands.map(({ name }) => name).filter((name) => !["up", "completion"].includes(name));
    assert.deepEqual(listed.toSorted(), known.toSorted());
  });
});
