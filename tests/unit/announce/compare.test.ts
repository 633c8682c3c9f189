import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compare } from "../../../lib/announce/compare.ts";
import type { Held } from "../../../lib/pool/pool.ts";
import { contentHash } from "../../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";

describe("comparing a look with the pool", () => {
  test("says nothing of what is equal", () => {
    assert.deepEqual(changes([group("a")], [held(group("a"))]), []);
  });

  test("adds what the pool does not know", () => {
    assert.deepEqual(changes([group("a")], []), ["added a"]);
  });

  test("adds what the pool saw removed", () => {
    assert.deepEqual(changes([group("a")], [{ ...held(group("a")), removed: true }]), ["added a"]);
  });

  test("updates what has another content", () => {
    assert.deepEqual(changes([group("a", "127.0.0.1:2")], [held(group("a"))]), ["updated a"]);
  });

  test("removes what is absent from the look", () => {
    assert.deepEqual(changes([group("a")], [held(group("a")), held(group("b"))]), ["removed b"]);
  });

  test("removes what has no targets left, once", () => {
    assert.deepEqual(changes([empty("a")], [held(group("a"))]), ["removed a"]);
    assert.deepEqual(changes([empty("a")], [{ ...held(group("a")), removed: true }]), []);
    assert.deepEqual(changes([empty("a")], []), []);
  });

  test("leaves alone what the look learned nothing about", () => {
    const keeps = (source: string) => source === "b";
    assert.deepEqual(changes([], [held(group("a")), held(group("b"))], keeps), ["removed a"]);
  });

  test("takes the first of two groups with one source", () => {
    assert.deepEqual(changes([group("a"), group("a", "127.0.0.1:2")], [held(group("a"))]), []);
  });

  test("counts what has targets and was found or may still be there, and what the pool had", () => {
    const gone = { ...held(group("d")), removed: true };
    const found = [group("a"), group("a", "127.0.0.1:2"), empty("e"), group("f")];
    const pool = [held(group("a")), held(group("b")), held(group("c")), gone];
    // What was found and may be kept, too, counts once.
    const counted = compared(found, pool, (source) => source === "b" || source === "a");
    assert.deepEqual(
      { sources: counted.sources, targets: counted.targets, held: counted.held },
      { sources: 3, targets: 3, held: 3 },
    );
  });
});

const group = (source: string, address = "127.0.0.1:1"): TargetGroup => ({
  source,
  labels: {},
  targets: [{ __address__: address }],
});

const empty = (source: string): TargetGroup => ({ source, labels: { kept: "no" }, targets: [] });

const held = (one: TargetGroup): Held & { source: string } => ({
  source: one.source,
  version: { epoch: 1, sequence: 1 },
  hash: contentHash(one),
  removed: false,
  targets: one.targets.length,
});

const changes = (groups: TargetGroup[], pool: (Held & { source: string })[], keeps = (_: string) => false) =>
  compared(groups, pool, keeps).changes.map((change) => `${change.kind} ${change.group.source}`);

const compared = (
  groups: TargetGroup[],
  pool: (Held & { source: string })[],
  keeps: (_: string) => boolean,
) => compare({ groups, keeps, problems: [] }, new Map(pool.map((one) => [one.source, one])));
