import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { syncTargets } from "../../../lib/relabel/sync.ts";
import { jobOf } from "./rules.ts";

const groupOf = (source: string, targets: readonly Record<string, string>[], labels = {}) => ({
  source,
  labels,
  targets,
});
const at = (address: string, more = {}) => ({ __address__: address, ...more });

describe("the targets of a job", () => {
  test("that end equal are one, which shows the last", () => {
    const { active } = syncTargets(jobOf(), [
      groupOf("one", [at("a:1", { __meta_path: "/x" }), at("b:1")]),
      groupOf("two", [at("a:1", { __meta_path: "/y" })]),
    ]);
    assert.deepEqual(
      active.map(({ origin, count }) => [origin.source, origin.index, origin.target.__meta_path, count]),
      [
        ["two", 0, "/y", 2],
        ["one", 1, undefined, 1],
      ],
    );
  });

  test("at one address are told apart however many there are", () => {
    const module = (index: number) => at("prober:9115", { __param_target: `t${index % 50}` });
    const { active } = syncTargets(jobOf(), [
      groupOf(
        "s",
        Array.from({ length: 100 }, (_, index) => module(index)),
      ),
    ]);
    assert.deepEqual(
      active.map(({ labels, count }) => [labels.get("__param_target"), count]),
      Array.from({ length: 50 }, (_, index) => [`t${index}`, 2]),
    );
  });

  test("are not taken for one another when names and values only read alike in a row", () => {
    const rows = [
      { a: "1b", c: "2" },
      { a: "1", b: "c2" },
      { ab: "1c2" },
      { a: "1bc2" },
      { a: "1b", c: "2" },
    ];
    const { active } = syncTargets(jobOf(), [
      groupOf(
        "s",
        rows.map((row) => at("a:1", row)),
      ),
    ]);
    assert.equal(active.length, 4);
  });

  test("that are dropped are counted beyond those that are kept", () => {
    const job = jobOf("keep_dropped_targets: 1\nrelabel_configs: [{ action: drop, regex: '' }]");
    const { dropped, droppedCount, active } = syncTargets(job, [
      groupOf("s", [at("a:1"), at("b:1"), at("a:1")]),
    ]);
    assert.deepEqual(
      [dropped.length, dropped[0]?.index, dropped[0]?.rule, droppedCount, active.length],
      [1, 0, 0, 3, 0],
    );
  });

  test("that cannot be are neither active nor dropped", () => {
    const { active, droppedCount, failed } = syncTargets(jobOf(), [groupOf("file:0", [at("a:1"), at("")])]);
    assert.deepEqual([active.length, droppedCount], [1, 0]);
    assert.deepEqual(
      failed.map(({ error }) => error),
      ["instance 1 in group file:0: no address"],
    );
  });

  test("of no groups are none", () => {
    assert.deepEqual(syncTargets(jobOf(), []), { active: [], dropped: [], droppedCount: 0, failed: [] });
  });
});
