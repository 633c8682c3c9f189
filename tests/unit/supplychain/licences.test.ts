import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { licenceFindings, verdictOn } from "../../supplychain/licences.ts";

describe("the licence check", () => {
  test("finds nothing in what is installed here", () => {
    assert.deepEqual(licenceFindings(resolve(import.meta.dirname, "../../..")), []);
  });

  test("takes an expression when one of its choices, or each of its parts, is allowed", () => {
    assert.equal(verdictOn("(MIT OR GPL-3.0-or-later)", false), undefined);
    assert.match(verdictOn("(MIT AND GPL-3.0-or-later)", true) ?? "", /is not allowed; allowed are 0BSD, /);
  });

  test("lets tools have licences that nothing which ships may have", () => {
    assert.equal(verdictOn("MPL-2.0", true), undefined);
    assert.match(verdictOn("MPL-2.0", false) ?? "", /^MPL-2.0 is not allowed/);
  });

  test("refuses what it cannot judge", () => {
    assert.equal(verdictOn(undefined, true), "states no licence");
    for (const licence of ["SEE LICENSE IN LICENSE.md", "UNLICENSED", "BSD", ""])
      assert.match(verdictOn(licence, true) ?? "", /is no SPDX expression/, licence);
  });

  test("reads what the installed package states, whatever the lock says, and misses what is absent", () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-licences-"));
    try {
      const packages = {
        "": { version: "1.0.0" },
        "node_modules/good": { version: "1.0.0", license: "MIT" },
        "node_modules/changed": { version: "1.0.0", license: "MIT" },
        "node_modules/old": { version: "1.0.0" },
        "node_modules/gone": { version: "1.0.0", license: "MIT" },
        "node_modules/elsewhere": { version: "1.0.0", license: "AGPL-3.0-only", optional: true },
      };
      writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
      const install = (name: string, manifest: object) => {
        mkdirSync(join(folder, "node_modules", name), { recursive: true });
        writeFileSync(join(folder, "node_modules", name, "package.json"), JSON.stringify(manifest));
      };
      install("good", { license: "MIT" });
      install("changed", { license: "SSPL-1.0" });
      install("old", { licenses: [{ type: "MIT" }, { type: "GPL-2.0-only" }] });
      const found = licenceFindings(folder).map((line) => line.slice(0, line.indexOf(";") >>> 0));
      assert.deepEqual(found, [
        "changed@1.0.0 (node_modules/changed): SSPL-1.0 is not allowed",
        "old@1.0.0 (node_modules/old): (MIT AND GPL-2.0-only) is not allowed",
        "gone@1.0.0 (node_modules/gone): is not installed",
        "elsewhere@1.0.0 (node_modules/elsewhere): AGPL-3.0-only is not allowed",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
