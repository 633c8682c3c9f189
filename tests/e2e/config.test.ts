import assert from "node:assert/strict";
import { copyFileSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ConfigurationError } from "../../lib/config/error.ts";
import { caseNames, casesFolder, mainFileOf, readCase } from "../unit/config/cases.ts";
import { type Difference, differences, expectation } from "./config-differences.ts";
import { type Folder, temporaryFolder } from "./folder.ts";
import { freePort } from "./ports.ts";
import { startProgram } from "./process.ts";
import { findPrometheus, type RunningPrometheus, runPrometheusOn } from "./prometheus.ts";

/**
 * A real Prometheus judges our reader of its configuration on every case under tests/fixtures/config: what it loads
 * we load, and what it refuses we refuse with the same first words. What is allowed to differ stands in
 * config-differences.ts.
 */
describe("Prometheus and our reader agree", () => {
  let binary = "";
  let folder: Folder;
  before(async () => {
    binary = await findPrometheus();
    folder = temporaryFolder("config");
    cpSync(casesFolder, join(folder.path, "cases"), { recursive: true });
  });
  after(() => folder.remove());

  describe("on what a starting Prometheus refuses", () => {
    for (const name of caseNames().filter((each) => expectation(each) === "refuses")) {
      test(name, async () => {
        const file = join(folder.path, "cases", mainFileOf(name));
        const port = await freePort();
        const output = await outputOf({ binary, file, port, data: join(folder.path, "unused") });
        const told = errorOf(output.replaceAll(join(folder.path, "cases/"), ""));
        compare({ name, told, ours: await messagesOf(name) });
      });
    }
  });

  describe("on what a running Prometheus loads", () => {
    let running: Running;
    before(async () => {
      running = await startReloading(folder.path);
    });
    after(() => running.stop());

    for (const name of caseNames().filter((each) => expectation(each) === "loads")) {
      test(name, async () => {
        // A case of several files brings them along: its patterns then find them beside the reloaded file.
        const main = mainFileOf(name);
        if (main.includes("/")) cpSync(join(casesFolder, name), folder.path, { recursive: true });
        copyFileSync(join(casesFolder, main), running.file);
        const response = await fetch(`${running.url}/-/reload`, { method: "POST" });
        assert.equal(response.status, 200, await response.text());
        const isOurs = differences.has(name);
        assert.deepEqual((await messagesOf(name)).length > 0, isOurs && name.startsWith("bad-"));
      });
    }
  });

  test("the list of differences names only cases that there are", () => {
    const names = new Set(caseNames());
    assert.deepEqual(
      [...differences.keys()].filter((name) => !names.has(name)),
      [],
    );
  });
});

const messagesOf = async (name: string): Promise<readonly string[]> => {
  const outcome = await readCase(name);
  return outcome instanceof ConfigurationError ? outcome.findings.map(({ message }) => message) : [];
};

interface Starting {
  readonly binary: string;
  readonly file: string;
  readonly port: number;
  readonly data: string;
}

const outputOf = async ({ binary, file, port, data }: Starting): Promise<string> => {
  const words = [
    `--config.file=${file}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--storage.tsdb.path=${data}`,
  ];
  const program = startProgram(binary, words);
  const patience = setTimeout(() => program.send("SIGKILL"), 20_000);
  await program.ended;
  clearTimeout(patience);
  return program.output();
};

/** Prometheus logs the load error as a quoted `err`, with the file in front. */
const errorOf = (output: string): string => {
  const logged = /Error loading (?:dynamic scrape )?config.* err=("(?:[^"\\]|\\.)*"|\S+)/.exec(output)?.[1];
  assert.ok(logged, `Prometheus logged no load error: ${output}`);
  const text: unknown = logged.startsWith('"') ? JSON.parse(logged.replace(/\\x(..)/g, "\\u00$1")) : logged;
  return String(text)
    .replace(/^parsing YAML file \S+: /, "")
    .replace(/^"[^"]*\.yml": /, "");
};

const compare = ({ name, told, ours }: { name: string; told: string; ours: readonly string[] }) => {
  const difference = differences.get(name);
  if (difference !== undefined) return compareDifferent({ difference, told, ours });
  const [head, ...lines] = told.split("\n");
  // Type errors come together, one a line; ours are one finding each.
  if (head !== "yaml: unmarshal errors:") return assert.equal(ours[0], told);
  assert.deepEqual(
    ours.slice(0, lines.length),
    lines.map((line) => line.trim()),
  );
};

const compareDifferent = ({
  difference,
  told,
  ours,
}: {
  difference: Difference;
  told: string;
  ours: readonly string[];
}) => {
  const { prometheus, reason } = difference;
  if (prometheus === "refuses") return assert.deepEqual(ours, [], reason);
  assert.notEqual(ours[0], told, `no difference any more: ${reason}`);
  if (typeof prometheus === "string") return;
  assert.ok(told.startsWith(prometheus.shares), told);
  assert.ok(ours[0]?.startsWith(prometheus.shares), ours[0]);
};

interface Running extends RunningPrometheus {
  readonly file: string;
}

const startReloading = async (folder: string): Promise<Running> => {
  const file = join(folder, "reloaded.yml");
  writeFileSync(file, "global: {}\n");
  return { ...(await runPrometheusOn(file, ["--web.enable-lifecycle"])), file };
};
