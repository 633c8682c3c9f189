import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { renderGroup } from "../../../lib/httpsd/render.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";

describe("a target group as an HTTP SD list", () => {
  test("is one entry when no target has labels of its own", () => {
    assert.deepEqual(
      rendered({ labels: { team: "a" }, targets: [{ __address__: "x:1" }, { __address__: "x:2" }] }),
      [{ targets: ["x:1", "x:2"], labels: { team: "a" } }],
    );
  });

  test("is split where targets carry labels of their own", () => {
    const targets = [
      { __address__: "x:1", port: "a" },
      { __address__: "x:2", port: "a" },
      { __address__: "x:3", port: "b" },
      { __address__: "x:4" },
    ];
    assert.deepEqual(rendered({ labels: { team: "a" }, targets }), [
      { targets: ["x:1", "x:2"], labels: { port: "a", team: "a" } },
      { targets: ["x:3"], labels: { port: "b", team: "a" } },
      { targets: ["x:4"], labels: { team: "a" } },
    ]);
  });

  test("lets a target's own label hide the group's, an empty one too", () => {
    const targets = [{ __address__: "x:1", team: "" }];
    assert.deepEqual(rendered({ labels: { team: "a" }, targets }), [
      { targets: ["x:1"], labels: { team: "" } },
    ]);
  });

  test("keeps a target whose address is empty, since a scraper's own rules may set one", () => {
    assert.deepEqual(rendered({ labels: {}, targets: [{ __address__: "" }] }), [
      { targets: [""], labels: {} },
    ]);
  });

  test("loses no target and no label, whatever they are", () => {
    const set = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(set, fc.array(set), (labels, own) => {
        const targets = own.map((one) => ({ ...one, __address__: "x:1" }));
        const seen = rendered({ labels, targets }).flatMap((entry) =>
          entry.targets.map((address) => ({ ...entry.labels, __address__: address })),
        );
        const expected = targets.map((target) => ({ ...labels, ...target }));
        assert.deepEqual(seen.map(sorted), expected.map(sorted));
      }),
    );
  });

  test("is no larger than it has to be, however large the group's labels and however many its targets", () => {
    const targets = Array.from({ length: 20_000 }, (_, at) => ({ __address__: `x:${at}` }));
    const [entry, ...others] = rendered({ labels: { large: "x".repeat(230_000) }, targets });
    assert.deepEqual([entry?.targets.length, others], [20_000, []]);
  });

  test("is nothing for a group without targets", () => {
    assert.deepEqual(rendered({ labels: { a: "1" }, targets: [] }), []);
  });
});

const rendered = (
  group: Omit<TargetGroup, "source">,
): { targets: string[]; labels: Record<string, string> }[] =>
  JSON.parse(`[${renderGroup({ source: "s", ...group })}]`);

const sorted = (set: Record<string, string>) => Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1));
