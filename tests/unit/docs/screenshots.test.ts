import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { hashOfPicture, hashOfSources, type Taken } from "../../e2e/page/taken.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "docs/screenshots");
const taken: Taken = JSON.parse(readFileSync(join(folder, "taken.json"), "utf8"));

describe("the screenshots", () => {
  test("were taken of the page as it is: when this fails, npm run screenshots takes them anew (it needs chromium)", () => {
    assert.equal(taken.sources, hashOfSources(root));
  });

  test("are those that were taken last, none that is left over and none missing", () => {
    const there = readdirSync(folder).filter((name) => name.endsWith(".png"));
    const now = there.map((file) => [file.replace(/\.png$/, ""), hashOfPicture(join(folder, file))]);
    assert.deepEqual(Object.fromEntries(now), taken.pictures);
  });
});
