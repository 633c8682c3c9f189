import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { scraperExamples } from "../../../../docs/examples/scrapers/generate.ts";

const folder = new URL("../../../../docs/examples/scrapers/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

describe("the scraper examples", () => {
  test("are what rollcall scrape-config makes of original.yml", async () => {
    const made = await scraperExamples();
    assert.ok(made.size >= 8);
    for (const [file, text] of made) assert.equal(read(file), text, `${file} (generate.ts writes it)`);
  });

  test("that are written by hand ask for the same lists in the same way", async () => {
    const made = await scraperExamples();
    const { receivers } = parse(made.get("otel-receiver.yaml") ?? "");
    const [, collector] = parseAllDocuments(read("otel-target-allocator.yaml")).map((document) =>
      document.toJS(),
    );
    assert.deepEqual(collector.spec.config.receivers, receivers);
    const { service, exporters } = parse(read("otel-pipeline.yaml"));
    assert.deepEqual([service, exporters], [collector.spec.config.service, collector.spec.config.exporters]);
    assert.match(read("alloy-remote-write.alloy"), /^prometheus\.remote_write "default" \{$/m);
  });

  test("say of each file how far it was tried", () => {
    const said = read("README.md");
    const files = readdirSync(folder).filter((file) => /\.(?:ya?ml|alloy)$/.test(file));
    for (const file of files) assert.ok(said.includes(`\`${file}\``), file);
    const apart = files.filter((file) => /^(?:alloy|otel)/.test(file));
    const lines = said.split("\n");
    for (const file of apart)
      assert.match(lines.find((line) => line.includes(file)) ?? "", /not run here/, file);
  });
});
