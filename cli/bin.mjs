#!/usr/bin/env node
// Runs on any Node with modules, so that an old one is told what is missing. In the clone it runs the source, in the package the bundle.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "rollcall.ts");
const isClone = existsSync(source);
const entry = isClone ? source : join(here, "..", "dist", "cli", "rollcall.mjs");

const isRecent = Number(process.versions.node.split(".")[0]) >= 24;

/** As `npm start` does it; what it says is no part of our output. */
const install = () =>
  spawnSync(process.execPath, [join(here, "..", "local", "install.mjs")], { stdio: ["ignore", 2, 2] })
    .status ?? 1;

/** The Node that npm brought: into the clone, or beside the package. */
const ownNode = () =>
  [join(here, "..", "node_modules", ".bin", "node"), join(here, "..", "..", ".bin", "node")].find((file) =>
    existsSync(file),
  );

/** Its end is ours, and our signals are its own. */
const runTo = (child) =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.once("error", () => resolve(2));
    child.once("close", (code) => resolve(code ?? 2));
  });

const main = async () => {
  if (isClone && !existsSync(join(here, "..", "node_modules", "zod")) && install() !== 0) return 2;
  if (isRecent) return void (await import(pathToFileURL(entry).href));
  const node = ownNode();
  if (node !== undefined) {
    const words = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
    return runTo(spawn(node, words, { stdio: "inherit" }));
  }
  process.stderr.write(`rollcall: Node 24 or later is needed, and this is ${process.versions.node}\n`);
  return 2;
};

main().then((code) => {
  if (code !== undefined) process.exitCode = code;
});
