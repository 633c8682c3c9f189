import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { readMessage } from "../../../lib/reduce/message.ts";
import { detailSchemas } from "../../../lib/targetgroup/event.ts";
import { contentHash } from "../../../lib/targetgroup/hash.ts";
import { detailJsonSchemas } from "../../../lib/targetgroup/schema.ts";

const folder = new URL("../../../docs/events/", import.meta.url);
const read = async (file: string) => JSON.parse(await readFile(new URL(file, folder), "utf8"));

describe("the committed event contract", () => {
  for (const [detailType, schema] of Object.entries(detailSchemas)) {
    test(`the example of ${detailType} is one`, async () => {
      const example = await read(`${detailType.toLowerCase().replaceAll(" ", "-")}.example.json`);
      assert.equal(example["detail-type"], detailType);
      assert.deepEqual(schema.parse(example.detail), example.detail);
    });
  }

  test("the example of a changed group can be reduced, its hash included", async () => {
    const example = await read("target-group-changed.example.json");
    const event = readMessage(JSON.stringify(example), Date.parse(example.time));
    assert.equal(contentHash(event.group!), event.hash);
  });

  test("has a schema and an example for each detail type and nothing else", async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
    const expected = [...detailJsonSchemas().keys()].flatMap((file) => [
      file,
      file.replace(".schema.", ".example."),
    ]);
    assert.deepEqual(files, expected.sort());
  });

  test("has no detail type that no function may put on the bus", async () => {
    const roles = ["roles.yml", "roles-cluster.yml"].map(async (name) => {
      const text = await readFile(new URL(`../../../infra/${name}`, import.meta.url), "utf8");
      return parse(text, { logLevel: "silent" });
    });
    const conditions =
      JSON.stringify(await Promise.all(roles)).match(/"events:detail-type":\[[^\]]*\]/g) ?? [];
    const allowed = conditions.flatMap((one) => JSON.parse(`{${one}}`)["events:detail-type"]);
    assert.deepEqual([...new Set(allowed)].sort(), Object.keys(detailSchemas).sort());
  });

  test("takes a label of any name, __proto__ too, and leaves none out", async () => {
    const group = JSON.parse('{"source":"a","labels":{"__proto__":"x"},"targets":[{"__address__":"a:1"}]}');
    const example = await read("target-group-changed.example.json");
    const detail = { ...example.detail, group, hash: contentHash(group) };
    const event = readMessage(JSON.stringify({ ...example, detail }), Date.parse(example.time));
    assert.equal(contentHash(event.group!), contentHash(group));
    assert.deepEqual(Object.keys(event.group!.labels), ["__proto__"]);
  });

  test("refuses an event with both a group and a claim, and one with neither", () => {
    const schema = detailSchemas["Target Group Changed"];
    const claim = { source: "a", key: "k", bytes: 1, href: "h" };
    const event = { schema: 1, provider: "static/0123456789ab", cluster: "c", jobs: [], change: "updated" };
    const rest = {
      version: { epoch: 1, sequence: 1 },
      hash: "0".repeat(64),
      observedAt: "2026-11-22T12:00:00Z",
    };
    const group = { source: "a", labels: {}, targets: [] };
    assert.equal(schema.safeParse({ ...event, ...rest }).success, false);
    assert.equal(schema.safeParse({ ...event, ...rest, group, claim }).success, false);
    assert.equal(schema.safeParse({ ...event, ...rest, claim }).success, true);
  });
});
