import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { breakingChanges, rules, type Schema } from "../../../docs/events/compatibility.ts";

const folder = new URL("../../../docs/events/", import.meta.url);
const read = async (file: string): Promise<Schema> =>
  JSON.parse(await readFile(new URL(file, folder), "utf8"));
const released = (await readdir(new URL("released/", folder))).filter((file) =>
  file.endsWith(".schema.json"),
);

describe("the events since the last release", () => {
  test("are known: one commit, and the schemas it had", async () => {
    assert.match(await readFile(new URL("released/RELEASE", folder), "utf8"), /^[0-9a-f]{40}\n$/);
    assert.ok(released.length >= 5, released.join());
  });

  for (const file of released) {
    test(`${file} can still be read by those who know the released one`, async () => {
      assert.deepEqual(breakingChanges(await read(`released/${file}`), await read(file)), []);
    });
  }
});

const name = { type: "string", minLength: 1, description: "who" };
const mood = { type: "string", enum: ["ok", "failing"] };
const note = { type: "string" };
const labels = { type: "object", additionalProperties: { type: "string" } };
const itemsOf = (n: Schema): Schema => ({
  type: "array",
  items: { type: "object", properties: { n }, required: ["n"] },
});
const items = itemsOf({ type: "integer" });
const base: Schema = {
  type: "object",
  properties: { name, mood, note, labels, items },
  required: ["name", "mood"],
  oneOf: [{ required: ["note"] }, { required: ["labels"] }],
};
const withProperties = (properties: Record<string, Schema>): Schema => ({ ...base, properties });

/** Each planted change, the line that must tell it, and the rule's number in the table. */
const planted: readonly [what: string, rule: number, place: string, changed: Schema][] = [
  ["removed", 0, "detail.note", withProperties({ name, mood, labels, items })],
  ["renamed", 0, "detail.note", withProperties({ name, mood, labels, items, remark: note })],
  ["made optional", 1, "detail.mood", { ...base, required: ["name"] }],
  ["made required", 2, "detail.note", { ...base, required: ["name", "mood", "note"] }],
  [
    "added as a required one",
    2,
    "detail.age",
    {
      ...withProperties({ ...base.properties, age: { type: "integer" } }),
      required: ["name", "mood", "age"],
    },
  ],
  ["retyped", 3, "detail.note.type", withProperties({ ...base.properties, note: { type: "number" } })],
  [
    "pinned",
    3,
    "detail.note.const",
    withProperties({ ...base.properties, note: { type: "string", const: "x" } }),
  ],
  [
    "narrowed enum",
    4,
    "detail.mood",
    withProperties({ ...base.properties, mood: { ...mood, enum: ["ok"] } }),
  ],
  [
    "widened enum",
    5,
    "detail.mood",
    withProperties({ ...base.properties, mood: { ...mood, enum: ["ok", "failing", "stale"] } }),
  ],
  [
    "another bound",
    6,
    "detail.name.minLength",
    withProperties({ ...base.properties, name: { ...name, minLength: 0 } }),
  ],
  [
    "a pattern",
    6,
    "detail.note.pattern",
    withProperties({ ...base.properties, note: { ...note, pattern: "^a" } }),
  ],
  ["another exclusion", 7, "detail.oneOf", { ...base, oneOf: [{ required: ["note"] }] }],
  [
    "an opened map",
    8,
    "detail.labels.additionalProperties",
    withProperties({ ...base.properties, labels: { type: "object" } }),
  ],
  ["a closed object", 8, "detail.additionalProperties", { ...base, additionalProperties: false }],
  ["an unjudged keyword", 9, "detail.patternProperties", { ...base, patternProperties: {} }],
  [
    "a type deep inside",
    3,
    "detail.items.items.n.type",
    withProperties({
      ...base.properties,
      items: itemsOf({ type: "string" }),
    }),
  ],
];

describe("the rule table", () => {
  for (const [what, number, place, changed] of planted) {
    test(`tells a change that breaks: ${what}`, () => {
      const { name: rule, hurts } = rules[number]!;
      assert.deepEqual(breakingChanges(base, changed), [`${place}: ${rule} (hurts ${hurts})`]);
    });
  }

  test("has a planted change for each of its rules", () => {
    assert.deepEqual(
      [...new Set(planted.map(([, rule]) => rule))].sort((a, b) => a - b),
      [...rules.keys()],
    );
  });

  test("lets optional properties come and words change", () => {
    const grown = withProperties({
      ...base.properties,
      name: { ...name, description: "whom it speaks of" },
      age: { type: "integer", minimum: 0 },
    });
    assert.deepEqual(breakingChanges(base, grown), []);
    assert.deepEqual(breakingChanges(base, { ...grown, title: "A thing" }), []);
  });
});
