import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "esbuild";

/** Where the page's files go; `functions/serve.ts` reads them from here, in the clone and in the package. */
export const pageFolder = join(import.meta.dirname, "out");

/**
 * Bundles the page when it is missing or older than one of its sources: one script and one style sheet, named after their
 * content so that a browser may keep them for good, and the index that names them. Takes about a tenth of a second.
 */
export const buildPage = async (): Promise<"built" | "fresh"> => {
  if (!hasSources() || isFresh()) return "fresh";
  const { build } = await import("esbuild");
  const { outputFiles } = await build({ ...options, write: false });
  const named = outputFiles.map(({ path, contents }) => {
    const extension = path.endsWith(".css") ? "css" : "js";
    return { extension, name: `app-${hashOf(contents)}.${extension}`, contents };
  });
  const names = new Map(named.map(({ extension, name }) => [extension, name]));
  const index = readFileSync(join(import.meta.dirname, "index.html"), "utf8")
    .replace("app.css", names.get("css") ?? "")
    .replace("app.js", names.get("js") ?? "");
  write([...named, { name: "index.html", contents: Buffer.from(index) }]);
  return "built";
};

const options: BuildOptions = {
  entryPoints: { app: join(import.meta.dirname, "main.tsx") },
  outdir: pageFolder,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox110", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

const hashOf = (contents: Uint8Array) => createHash("sha256").update(contents).digest("hex").slice(0, 12);

/** The index goes last: it names files that are there already, and its time says when the page was built. */
const write = (files: readonly { name: string; contents: Uint8Array }[]) => {
  mkdirSync(pageFolder, { recursive: true });
  for (const { name, contents } of files) {
    const file = join(pageFolder, name);
    writeFileSync(`${file}.new-${process.pid}`, contents);
    renameSync(`${file}.new-${process.pid}`, file);
  }
  const current = new Set(files.map(({ name }) => name));
  for (const name of readdirSync(pageFolder)) {
    // Another program that builds at this moment has files of its own.
    if (!current.has(name) && !name.includes(".new-")) rmSync(join(pageFolder, name), { force: true });
  }
};

/** An installed package has the page, but nothing to build it from. */
const hasSources = () => existsSync(join(import.meta.dirname, "main.tsx"));

const isFresh = (): boolean => {
  const built = statSync(join(pageFolder, "index.html"), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  return newestOf(import.meta.dirname) <= built;
};

/** Folders count too: a source that was taken away leaves no newer file. */
const newestOf = (folder: string): number => {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    if (path === pageFolder) return 0;
    return entry.isDirectory() ? newestOf(path) : statSync(path).mtimeMs;
  });
  // The page's own folder changes whenever it is built.
  const own = folder === import.meta.dirname ? 0 : statSync(folder).mtimeMs;
  return Math.max(own, ...times);
};

if (import.meta.main) process.stdout.write(`page: ${await buildPage()}\n`);
