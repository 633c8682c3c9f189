import assert from "node:assert/strict";
import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileMarks } from "../../../lib/discovery/filemarks.ts";
import { provider } from "../../fakes/providers.ts";
import { temporaryFolder } from "../http/support/files.ts";

/** Tells whether the marks of these patterns are others after what the test does. */
const watched = async (t: TestContext, patterns: readonly string[]) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "a.json"), "[]");
  await writeFile(join(folder, "b.yml"), "[]");
  const files = patterns.map((pattern) => join(folder, pattern));
  const one = provider({ config: { mechanism: "file", files, refreshInterval: 300_000 } });
  const changedBy = async (what: () => Promise<unknown>) => {
    const before = await fileMarks(one);
    await what();
    return (await fileMarks(one)) !== before;
  };
  return { folder, changedBy };
};

describe("the marks of files", () => {
  test("stay while nothing happens, or only to files that are not matched", async (t) => {
    const { folder, changedBy } = await watched(t, ["*.json"]);
    assert.equal(await changedBy(async () => undefined), false);
    assert.equal(await changedBy(() => writeFile(join(folder, "b.yml"), "[{}]")), false);
  });

  test("tell of another size, another time, another file of the same look", async (t) => {
    const { folder, changedBy } = await watched(t, ["a.json"]);
    const file = join(folder, "a.json");
    const time = new Date("2026-01-01T00:00:00Z");
    await utimes(file, time, time);
    assert.equal(
      await changedBy(async () => {
        await writeFile(file, "[ ]");
        await utimes(file, time, time);
      }),
      true,
    );
    assert.equal(await changedBy(() => utimes(file, new Date(), new Date())), true);
    await utimes(file, time, time);
    const other = join(folder, "other");
    await writeFile(other, "{ }");
    await utimes(other, time, time);
    assert.equal(await changedBy(() => rename(other, file)), true);
  });

  test("tell of files that come and go below a pattern, and of one that is named", async (t) => {
    const { folder, changedBy } = await watched(t, ["*.json", "named.yml"]);
    for (const name of ["new.json", "named.yml"]) {
      assert.equal(await changedBy(() => writeFile(join(folder, name), "[]")), true);
      assert.equal(await changedBy(() => rm(join(folder, name))), true);
    }
  });

  test("tell of a folder that comes, and live with a pattern that is none", async (t) => {
    const { folder, changedBy } = await watched(t, ["later/*.json", "[.json"]);
    assert.equal(await changedBy(async () => undefined), false);
    await mkdir(join(folder, "later"));
    assert.equal(await changedBy(() => writeFile(join(folder, "later", "a.json"), "[]")), true);
  });
});
