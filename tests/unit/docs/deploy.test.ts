import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { refuseInCloud } from "../../../lib/config/cloud.ts";
import { folderFor, rollcall } from "../cli/run.ts";

const root = join(import.meta.dirname, "../../..");
const text = readFileSync(join(root, "docs/deploy.md"), "utf8");

const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);
const shell = blocks("sh");
const lines = shell.flatMap((block) => block.split("\n"));

/** The guide's two files as its reader has them once he has made tokens. */
const [prometheus = "", settings = ""] = blocks("yaml").map((block) =>
  block.replaceAll("<64 hex digits>", createHash("sha256").update("made up").digest("hex")),
);

describe("the deployment guide", () => {
  test("has commands that a shell reads", () => {
    assert.ok(shell.length >= 10);
    for (const block of shell) execFileSync("bash", ["-n"], { input: block });
  });

  test("has a configuration that the cloud accepts, and commands for it that do their work", async (context) => {
    const folder = folderFor(context);
    mkdirSync(join(folder, "my"));
    writeFileSync(join(folder, "my/prometheus.yml"), prometheus);
    writeFileSync(join(folder, "my/rollcall.yml"), settings);
    refuseInCloud([
      { path: "prometheus.yml", text: prometheus },
      { path: "rollcall.yml", text: settings },
    ]);
    const offline = lines.filter((line) => /^npx rollcall (check|rbac|scrape-config) /.test(line));
    assert.equal(offline.length, 3, offline.join("\n"));
    for (const line of offline) {
      const words = line
        .replace(/ >.*/, "")
        .replace("DOOR", "https://id.execute-api.example/prod")
        .split(" ");
      const found = await rollcall(words.slice(2).map((word) => word.replace(/^my\//, `${folder}/my/`)));
      assert.deepEqual([found.code, found.err], [0, ""], line);
    }
  });

  test("gives parameters that there are, and calls scripts that there are", () => {
    const parameters: unknown = parse(readFileSync(join(root, "infra/parameters.yml"), "utf8")).default;
    const given = lines.flatMap((line) =>
      [...line.matchAll(/--param "(\w+)=/g)].map(([, name = ""]) => name),
    );
    assert.ok(given.length >= 4);
    for (const name of given) assert.ok(Object.hasOwn(Object(parameters), name), name);
    const { scripts }: { scripts: object } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const [, script = ""] of text.matchAll(/npm run ([\w:]+)/g))
      assert.ok(Object.hasOwn(scripts, script), script);
  });
});
