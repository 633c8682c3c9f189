import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { build } from "esbuild";
import * as z from "zod";
import { lockedPackages } from "../../supplychain/lock.ts";
import { productionSbom } from "../../supplychain/sbom.ts";

const root = resolve(import.meta.dirname, "../../..");

describe("the bill of materials", () => {
  let text = "";
  let names: string[] = [];
  before(async () => {
    text = await productionSbom(root);
    const bom = z.object({ components: z.array(z.object({ name: z.string(), version: z.string() })) });
    names = bom.parse(JSON.parse(text)).components.map(({ name, version }) => `${name}@${version}`);
  });

  test("is valid by CycloneDX's own schema of version 1.5", async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
    assert.equal(await validator.validate(text), null);
    assert.notEqual(await validator.validate(text.replace('"library"', '"shelf"')), null);
  });

  test("lists every production package of the lock and no other", () => {
    const locked = lockedPackages(join(root, "package-lock.json")).filter((one) => !one.isDevelopment);
    assert.deepEqual(
      names.sort(),
      [...new Set(locked.map(({ name, version }) => `${name}@${version}`))].sort(),
    );
    assert.ok(names.some((name) => name.startsWith("@aws-sdk/client-eventbridge@")));
  });

  test("lists every package that is bundled into a function or the page", async () => {
    const functions = readdirSync(join(root, "functions")).map((file) => `functions/${file}`);
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [...functions, "page/main.tsx"],
      outdir: "dist",
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      mainFields: ["module", "main"],
      external: ["bufferutil", "utf-8-validate", "supports-color"],
      jsx: "automatic",
      jsxImportSource: "preact",
      logLevel: "error",
    });
    const bundled = new Set(
      Object.keys(metafile.inputs).flatMap(
        (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
      ),
    );
    assert.ok(bundled.has("zod") && bundled.has("preact"), [...bundled].join());
    const listed = new Set(names.map((name) => name.slice(0, name.lastIndexOf("@"))));
    assert.deepEqual(
      [...bundled].filter((name) => !listed.has(name)),
      [],
    );
  });
});
