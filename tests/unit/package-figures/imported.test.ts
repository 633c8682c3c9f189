import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { importOnce } from "../../package-figures/imported.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-imported-"));
after(() => rmSync(folder, { recursive: true }));
const written = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("an import's time holds all that the module does while it is loaded", async () => {
  const busy = "const end = performance.now() + 50; while (performance.now() < end);";
  const { wall, cpu } = await importOnce(written("busy.mjs", busy), {});
  assert.ok(wall >= 50, String(wall));
  assert.ok(cpu > 0, String(cpu));
});

test("a module that cannot be loaded is an error that says why", async () => {
  const file = written("broken.mjs", 'throw new Error("no table");');
  await assert.rejects(importOnce(file, {}), /no table/);
});

test("an import counts the modules of Node that it brings", async () => {
  const few = await importOnce(written("few.mjs", 'import "node:path";'), {});
  const more = await importOnce(written("many.mjs", 'import "node:https";'), {});
  assert.ok(more.nodeModules > few.nodeModules + 20, `${more.nodeModules} and ${few.nodeModules}`);
});
