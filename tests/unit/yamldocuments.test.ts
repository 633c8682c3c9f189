import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parseConfiguration } from "../../lib/config/parse.ts";
import { parseKubeconfig } from "../../lib/discovery/kubernetes/kubeconfigfile.ts";
import { parseYamlGroups } from "../../lib/targetgroup/parse.ts";
import { deepest, readDocuments, TooDeepError } from "../../lib/yamldocuments.ts";

/** Half a megabyte each, for which the parser alone takes many seconds. */
const hostile: Readonly<Record<string, string>> = {
  "lists in brackets": `${"[".repeat(240_000)}${"]".repeat(240_000)}`,
  "brackets that never close": "[".repeat(480_000),
  "maps in braces": `${'{"a":'.repeat(80_000)}1${"}".repeat(80_000)}`,
  "lists of dashes in a line": "- ".repeat(240_000),
  "keys that are keys of keys": "? ".repeat(240_000),
  "keys and lists in turn": "a: - ".repeat(96_000),
  "lists further right line by line": Array.from({ length: 980 }, (_, at) => `${" ".repeat(at)}-`).join("\n"),
  "brackets behind a tag each": "- !t [".repeat(80_000),
};

describe("a YAML text", () => {
  for (const [what, text] of Object.entries(hostile))
    test(`is not parsed when it is ${what}`, () => {
      assert.throws(
        () => readDocuments(text),
        (error) => {
          assert.ok(error instanceof TooDeepError);
          assert.match(error.message, /^nested deeper than 100 levels at line \d+, column \d+$/);
          return true;
        },
      );
    });

  test("is not parsed when its brackets close nothing, each of which would be a mistake of its own", () => {
    const message = "more than 100 brackets that close nothing at line 2, column 101";
    assert.throws(() => readDocuments(`a: 1\n${"]".repeat(480_000)}`), { message });
  });

  test("may be as deep as is allowed, in brackets or further right", () => {
    const lists = `${"[".repeat(deepest)}${"]".repeat(deepest)}`;
    assert.deepEqual(readDocuments(lists)[0]?.errors, []);
    assert.throws(() => readDocuments(`[${lists}]`), {
      message: "nested deeper than 100 levels at line 1, column 101",
    });
    const dashes = `${"- ".repeat(deepest - 1)}a`;
    assert.deepEqual(readDocuments(dashes)[0]?.errors, []);
  });

  test("may have any brackets where they are text", () => {
    const signs = "[{".repeat(1_000);
    for (const text of [
      `a: "${signs}"`,
      `a: '${signs}'`,
      `a: |\n  ${signs}\n  ${signs}\n`,
      `# ${signs}\n`,
      `a: x${signs}`,
    ])
      assert.deepEqual(readDocuments(text)[0]?.errors ?? [], [], text.slice(0, 20));
  });

  test("may be as long as it likes: what was closed does not count", () => {
    const text = '- {a: [b, "c"], d:\n   e}\n- f: g\n  h:\n  - i: [j]\n'.repeat(500);
    assert.deepEqual(readDocuments(text)[0]?.errors, []);
  });

  test("is one of the recordings of this tree, and none of them is too deep", () => {
    const cwd = new URL("..", import.meta.url).pathname;
    const files = globSync("**/*.{yml,yaml}", { cwd }).map((file) => `${cwd}${file}`);
    assert.ok(files.length > 20);
    for (const file of files) assert.doesNotThrow(() => readDocuments(readFileSync(file, "utf8")), file);
  });
});

describe("a file that nests too deep", () => {
  const deep = `a: ${hostile["lists in brackets"]}\n`;

  test("is refused with its place as a configuration", () => {
    assert.throws(
      () => parseConfiguration({ main: { path: "/c/prometheus.yml", text: `# c\n${deep}` }, jobFiles: [] }),
      {
        message: /^\/c\/prometheus\.yml:2:102: yaml: .*nested deeper than 100 levels at line 2, column 102$/,
      },
    );
  });

  test("is refused with its name as a kubeconfig", () => {
    const message = "kubeconfig /k: nested deeper than 100 levels at line 1, column 102";
    assert.throws(() => parseKubeconfig("/k", deep), { message });
  });

  test("is refused in one line as a file of targets", () => {
    const message = "yaml: nested deeper than 100 levels at line 1, column 102";
    assert.throws(() => parseYamlGroups(deep), { message });
  });
});
