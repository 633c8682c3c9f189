import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { printTemplate } from "../../local/template/print.ts";
import { buildPage, pageFolder } from "../../page/build.ts";
import { inPackage, packagedWorker } from "./replace.ts";

const root = resolve(import.meta.dirname, "../..");

/**
 * Bundles everything that the package runs into `dist/`, so that an installed one needs no other package: the command line
 * tool, the local run, and the functions that it loads. `npm pack` runs it before.
 */
export const buildPackage = async (out: string): Promise<void> => {
  // Half a second that those do not need who only import this.
  const { build } = await import("esbuild");
  const [printed] = await Promise.all([
    printTemplate(root, join(root, "node_modules", ".cache", "rollcall")),
    buildPage(),
  ]);
  rmSync(out, { recursive: true, force: true });
  const functions = readdirSync(join(root, "functions")).map((name) => join("functions", name));
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["cli/rollcall.ts", "local/main.ts", "local/table/worker.ts", ...functions],
    outdir: out,
    outbase: root,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    external: ["bufferutil", "utf-8-validate", "supports-color"],
    alias: { "@platformatic/wasm-utils": "@platformatic/wasm-utils/bundled" },
    banner: { js: banner },
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    plugins: [inPackage(root)],
  });
  writeFileSync(join(out, "template.json"), JSON.stringify(printed));
  cpSync(pageFolder, join(out, "page", "out"), { recursive: true });
  // The store's native part, found from where the worker lies.
  cpSync(
    join(root, "node_modules/classic-level/prebuilds"),
    join(out, dirname(packagedWorker), "prebuilds"),
    {
      recursive: true,
    },
  );
  writeFileSync(join(out, "LICENSES.txt"), licensesOf(Object.keys(result.metafile.inputs)));
};

/** What CommonJS packages expect to be there. */
const banner = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/** The licences of the packages that are in the bundle, as they ask for. */
const licensesOf = (inputs: readonly string[]): string => {
  const folders = new Set(
    inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .flatMap((folder) => {
      const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
      const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8");
      return text === "" ? [] : [`${relative("node_modules", folder)}\n\n${text.trim()}\n`];
    })
    .join(`\n${"-".repeat(80)}\n\n`);
};

if (import.meta.main) {
  const out = join(root, "dist");
  mkdirSync(out, { recursive: true });
  await buildPackage(out);
}
