import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/** Where the table's thread is in the package, seen from its root. */
export const packagedWorker = "local/table/worker.mjs";

/**
 * What is otherwise in the package than in the clone: nothing is built or printed there, and no other package is looked up
 * at run time. A replacement whose original is gone fails the build.
 */
export const inPackage = (root: string): Plugin => ({
  name: "in-package",
  setup(build) {
    for (const [file, change] of Object.entries(changes)) {
      const filter = new RegExp(`${file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
      build.onLoad({ filter }, async ({ path }) => {
        if (path !== join(root, file)) return undefined;
        return {
          contents: change(await readFile(path, "utf8"), file),
          loader: file.endsWith(".ts") ? "ts" : "js",
        };
      });
    }
  },
});

type Change = (text: string, file: string) => string;

const replacing =
  (before: string, after: string): Change =>
  (text, file) => {
    if (text.split(before).length !== 2) throw new Error(`${file}: expected once: ${before}`);
    return text.replace(before, () => after);
  };

/** A module that a file asks for as dynalite would is the one in the bundle. */
const withBundled =
  (name: string, module: string): Change =>
  (text, file) => {
    const found = `((name: string) => { if (name === "${name}") return bundled; throw new Error(name); })`;
    const asked = 'createRequire(createRequire(import.meta.url).resolve("dynalite"))';
    return `import bundled from "../../node_modules/${module}";\n${replacing(asked, found)(text, file)}`;
  };

const changes: Readonly<Record<string, Change>> = {
  "local/table/table.ts": replacing('new URL("./worker.ts"', 'new URL("./table/worker.mjs"'),
  "local/table/worker.ts": withBundled("classic-level", "classic-level/index.js"),
  "local/table/atomic.ts": withBundled("./db", "dynalite/db/index.js"),
  "local/table/level.ts": withBundled("./db", "dynalite/db/index.js"),
  "local/table/iterators.ts": withBundled("abstract-level", "abstract-level/index.js"),
  "node_modules/dynalite/index.js": (text, file) =>
    ["actions", "validations"].reduce(
      (changed, folder) =>
        replacing(`require('./${folder}/' + action)`, `require('./${folder}/' + action + '.js')`)(
          changed,
          file,
        ),
      text,
    ),
  "local/page.ts": () => "export const preparePage = async () => {};",
  "local/template/print.ts": () => `import { readFileSync } from "node:fs";
import { printedSchema } from "./printed.ts";
export const printTemplate = async (root: string) =>
  printedSchema.parse(JSON.parse(readFileSync(\`\${root}/template.json\`, "utf8")));`,
};

/** Files of ours that are otherwise in the package. */
export const replaced: readonly string[] = Object.keys(changes);
