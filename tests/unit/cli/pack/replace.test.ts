import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { replaced } from "../../../../cli/pack/replace.ts";

test("whatever looks a package up at run time looks it up in the bundle once it is packed", () => {
  const root = resolve(import.meta.dirname, "../../../..");
  const files = globSync("{cli,functions,lib,local}/**/*.ts", { cwd: root });
  const looking = files.filter((file) =>
    readFileSync(join(root, file), "utf8").includes("= createRequire(createRequire("),
  );
  assert.ok(looking.length > 0, "nobody does any more");
  for (const file of looking) assert.ok(replaced.includes(file), file);
});
