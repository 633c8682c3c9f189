import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import * as z from "zod";
import { lockedPackages } from "../../supplychain/lock.ts";

const root = resolve(import.meta.dirname, "../../..");
const versions = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: versions, devDependencies: versions, optionalDependencies: versions })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

const isExact = (version: string) =>
  /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version);

describe("what we depend on", () => {
  test("is named by exact versions, never by a range or a tag", () => {
    const all = Object.values(manifest).flatMap((group) => Object.entries(group));
    assert.ok(all.length > 20, `${all.length}`);
    assert.deepEqual(
      all.filter(([, version]) => !isExact(version)),
      [],
    );
    for (const loose of ["^1.2.3", "~1.2.3", "1.x", "latest", "*", ">=1.0.0", "npm:osls@^4.3.1", "1.2"])
      assert.equal(isExact(loose), false, loose);
  });

  test("is locked with a hash each, those within another's archive aside", () => {
    const packages = lockedPackages(join(root, "package-lock.json"));
    const unhashed = packages.filter(({ integrity, isBundled }) => integrity === undefined && !isBundled);
    assert.deepEqual(unhashed, []);
    assert.ok(packages.every(({ integrity = "sha512-" }) => integrity.startsWith("sha512-")));
  });

  test("is locked without the address of a registry, which differs from place to place", () => {
    const text = readFileSync(join(root, "package-lock.json"), "utf8");
    assert.doesNotMatch(text, /"resolved":/);
  });
});
