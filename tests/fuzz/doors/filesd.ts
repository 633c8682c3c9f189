import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { createFileDiscoverer } from "../../../lib/discovery/file.ts";
import { provider } from "../../fakes/providers.ts";
import { temporaryFolder } from "../../unit/http/support/files.ts";
import { spoiltText, type TextFault, textFaults } from "../bytes.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { lookIn } from "../looks.ts";
import { spoiltJson, type TreeFault, treeFaults } from "../trees.ts";

const list = [
  { targets: ["127.0.0.1:80", "[::1]:80"], labels: { team: "shop", __meta_x: "1" } },
  { targets: ["a:1"], labels: null },
];
const yaml = "- targets: &t ['c:3', 'd:4']\n  labels: {a: b, c: 0o7, d: yes, e: 2001-01-01}\n- targets: *t\n";

interface Case {
  readonly name: "spoilt.json" | "spoilt.yml";
  readonly tree: readonly TreeFault[] | undefined;
  readonly text: readonly TextFault[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  name: fc.constantFrom("spoilt.json", "spoilt.yml"),
  tree: fc.oneof(fc.constant(undefined), treeFaults),
  text: textFaults,
});

/** The files of `file_sd_configs` (spec §1.2). */
export const fileSd: Door = {
  name: "file_sd",
  runs: 80,
  open: async (scope) => [
    behaviour(
      "is read or named, keeps its old groups, and leaves its neighbours alone",
      cases,
      await hold(scope),
    ),
  ],
};

const hold = async (scope: Scope) => {
  const folder = await temporaryFolder(scope);
  const sound = join(folder, "sound.json");
  await writeFile(sound, JSON.stringify(list));
  const discover = createFileDiscoverer();
  return async ({ name, tree, text }: Case) => {
    const file = join(folder, name);
    const written = tree === undefined && name === "spoilt.yml" ? yaml : spoiltJson(list, tree ?? []);
    const bytes = spoiltText(written, text);
    await writeFile(file, bytes);
    const config = { mechanism: "file" as const, files: [file, sound], refreshInterval: 60_000 };
    const [outcome] = await discover(
      [provider({ id: "file/0123456789ab", config })],
      AbortSignal.timeout(10_000),
    );
    assert.ok(outcome !== undefined && "look" in outcome);
    lookIn(outcome);
    const { groups, problems, keeps } = outcome.look;
    assert.equal(groups.filter(({ source }) => source.startsWith(`${sound}:`)).length, list.length);
    if (problems.length === 0) {
      assert.ok(name !== "spoilt.json" || isJson(bytes), "what is no JSON is told");
      return;
    }
    assert.equal(problems.length, 1);
    assert.ok(problems[0]?.startsWith(`${file}: `), problems[0]);
    assert.ok(keeps(`${file}:0`) && !keeps(`${sound}:9`));
    assert.equal(groups.length, list.length, "half a file");
  };
};

const isJson = (bytes: Buffer): boolean => {
  try {
    JSON.parse(bytes.toString("utf8"));
    return true;
  } catch {
    return false;
  }
};
