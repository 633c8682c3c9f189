import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type ParsedGroup, parseJsonGroups, parseYamlGroups } from "../../../lib/targetgroup/parse.ts";

const group = (targets: string[], labels: Record<string, string> = {}): ParsedGroup => ({
  targets: targets.map((address) => ({ __address__: address })),
  labels,
});

describe("target groups in JSON", () => {
  const accepted: [string, ParsedGroup[]][] = [
    ["[]", []],
    ["null", []],
    ["[{}]", [group([])]],
    ['[{"targets":["a:1","b:2"],"labels":{"x":"y"}}]', [group(["a:1", "b:2"], { x: "y" })]],
    ['[{"Targets":["a:1"],"LABELS":{"x":"y"}}]', [group(["a:1"], { x: "y" })]],
    ['[{"targets":null,"labels":null}]', [group([])]],
    ['[{"targets":[null],"labels":{"x":null}}]', [group([""], { x: "" })]],
    ['[{"labels":{"__meta_x":"y","with space":"z"}}]', [group([], { __meta_x: "y", "with space": "z" })]],
    ['[{"targets":["\\ud800"]}]', [group(["\ufffd"])]],
    ['[{"targets":["a:1"],"targets":["b:2"]}]', [group(["b:2"])]],
  ];
  for (const [text, groups] of accepted) {
    test(`are read from ${text}`, () => assert.deepEqual(parseJsonGroups(text), groups));
  }

  test("keep a label named like a property of every object", () => {
    const [parsed] = parseJsonGroups('[{"labels":{"__proto__":"x"}}]');
    assert.deepEqual(Object.entries(parsed?.labels ?? {}), [["__proto__", "x"]]);
  });

  const refused: [string, RegExp][] = [
    ["{}", /^expected a list of target groups, found a value of type object$/],
    ['"x"', /^expected a list of target groups/],
    ["[null]", /^nil target group item found$/],
    ["[{},null]", /^nil target group item found$/],
    ["[[]]", /^group 0: expected an object, found a list$/],
    ['[{"targets":[]},{"target":[]}]', /^json: unknown field "target"$/],
    ['[{"source":"x"}]', /^json: unknown field "source"$/],
    ['[{"targets":"a:1"}]', /^group 0: targets: expected a list/],
    ['[{"targets":[1]}]', /^group 0: targets: expected a string, found a value of type number$/],
    ['[{"labels":["x"]}]', /^group 0: labels: expected an object, found a list$/],
    ['[{"labels":{"x":1}}]', /^group 0: labels: x: expected a string, found a value of type number$/],
    ['[{"labels":{"x":true}}]', /found a value of type boolean$/],
    ['[{"labels":{"":"x"}}]', /^"" is not a valid label name$/],
    ["[", /JSON/],
    ["\ufeff[]", /JSON/],
    ["", /JSON/],
  ];
  for (const [text, message] of refused) {
    test(`are refused in ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseJsonGroups(text), { message }));
  }
});

describe("target groups in YAML", () => {
  const accepted: [string, ParsedGroup[]][] = [
    ["", []],
    ["null", []],
    ["# nothing", []],
    ["- targets: ['a:1']\n  labels: {x: y}", [group(["a:1"], { x: "y" })]],
    [
      "- {targets: [1, true, yes, 1.0, 0x10, 2020-01-01]}",
      [group(["1", "true", "yes", "1.0", "0x10", "2020-01-01"])],
    ],
    [
      "- labels: {n: 1, t: true, e: '', nil: null, tilde: ~, none: , q: 'null'}",
      [group([], { n: "1", t: "true", e: "", nil: "", tilde: "", none: "", q: "null" })],
    ],
    ["- targets:\n  labels:", [group([])]],
    ["- targets: [~]", [group([""])]],
    ["- labels: {1: one}", [group([], { "1": "one" })]],
    ["- &a {targets: ['a:1']}\n- *a", [group(["a:1"]), group(["a:1"])]],
    [
      "- targets: ['a:1']\n  labels: &l {x: y}\n- labels: {<<: *l, z: w}",
      [group(["a:1"], { x: "y" }), group([], { x: "y", z: "w" })],
    ],
    ["[]\n---\n- nonsense", []],
    ['[{"targets":["a:1"]}]', [group(["a:1"])]],
  ];
  for (const [text, groups] of accepted) {
    test(`are read from ${JSON.stringify(text)}`, () => assert.deepEqual(parseYamlGroups(text), groups));
  }

  const refused: [string, RegExp][] = [
    ["a: b", /^expected a list of target groups/],
    ["just text", /^expected a list of target groups/],
    ["- ", /^nil target group item found$/],
    ["- ~", /^nil target group item found$/],
    ["- targets: []\n  labels: {}\n  extra: 1", /^unknown field "extra"$/],
    ["- Targets: []", /^unknown field "Targets"$/],
    ["- targets: []\n  targets: []", /^yaml: Map keys must be unique at line 2, column 3$/],
    ["- labels: {x: y, x: z}", /^yaml: Map keys must be unique/],
    ["- targets: a:1", /^group 0: targets: expected a list/],
    ["- labels: {x: [y]}", /^group 0: labels: x: expected a string, found a list$/],
    ["- targets: [", /^yaml: .*line/],
    ["- *gone", /gone/],
  ];
  for (const [text, message] of refused) {
    test(`are refused in ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseYamlGroups(text), { message }));
  }

  test("cannot grow without end out of a few aliases", () => {
    const bomb = ["- labels: &a0 {x: y}"];
    for (let i = 1; i < 9; i++) {
      bomb.push(`- labels: &a${i} {${"abcdefghij".split("").map((k) => `${k}: *a${i - 1}`)}}`);
    }
    assert.throws(() => parseYamlGroups(bomb.join("\n")), Error);
  });

  test("is refused for its first mistake, in one line, however many follow", () => {
    const text = `[${'{"a":'.repeat(1_000)}${"} {b".repeat(3_000)}`;
    assert.throws(() => parseYamlGroups(text), /^Error: yaml: .{1,100} at line 1, column \d+$/);
  });

  test("cannot exhaust the stack", () => {
    assert.throws(() => parseYamlGroups("[".repeat(100_000)), Error);
    assert.throws(() => parseJsonGroups("[".repeat(100_000)), Error);
  });
});

describe("whatever text arrives", () => {
  const labels = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true });
  test("groups written as JSON are read as they were written", () => {
    const groups = fc.array(fc.record({ targets: fc.array(fc.string()), labels }));
    fc.assert(
      fc.property(groups, (written) => {
        const text = JSON.stringify(written);
        assert.deepEqual(
          parseJsonGroups(text),
          written.map((one) => group(one.targets, one.labels)),
        );
      }),
    );
  });

  test("the outcome is groups or one Error", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of [parseJsonGroups, parseYamlGroups]) {
          try {
            assert.ok(Array.isArray(read(text)));
          } catch (error) {
            assert.ok(error instanceof Error && !(error instanceof TypeError), String(error));
          }
        }
      }),
    );
  });
});
