import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseShard, shardOf, shardsOf } from "../../../lib/httpsd/shard.ts";
import { relabel } from "../../../lib/relabel/apply.ts";
import { ruleOf } from "../relabel/rules.ts";

const address = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("10.0.0.1:80", "", "a\ud83d"));

describe("a shard", () => {
  test("has each target exactly once, where the documented rules keep it", () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 1, max: 40 }), (__address__, of) => {
        const keeping = Array.from({ length: of }, (_, index) => index).filter((index) =>
          relabel({ __address__ }, [
            ruleOf({
              action: "hashmod",
              sourceLabels: ["__address__"],
              modulus: BigInt(of),
              targetLabel: "__tmp_hash",
            }),
            ruleOf({ action: "keep", sourceLabels: ["__tmp_hash"], regex: String(index) }),
          ]),
        );
        assert.deepEqual(keeping, [shardOf({ __address__ }, of)]);
      }),
    );
  });

  test("of a group's targets is that of each", () => {
    fc.assert(
      fc.property(fc.array(address), fc.integer({ min: 1, max: 40 }), (addresses, of) => {
        const targets = addresses.map((__address__) => ({ __address__ }));
        const group = { source: "a", labels: {}, targets };
        assert.deepEqual(
          shardsOf(group, of),
          targets.map((target) => shardOf(target, of)),
        );
        assert.deepEqual(
          shardsOf(group, of + 1),
          targets.map((target) => shardOf(target, of + 1)),
        );
      }),
    );
  });

  test("of a target without an address is that of the empty one", () => {
    assert.equal(shardOf({}, 1000), 958);
  });

  test("is read from the query, or not asked for", () => {
    assert.deepEqual(parseShard("0", "1"), { shard: { index: 0, of: 1 } });
    assert.deepEqual(parseShard("9999", "10000"), { shard: { index: 9999, of: 10000 } });
    assert.deepEqual(parseShard(undefined, undefined), { shard: undefined });
  });

  for (const [shard, of] of [
    ["0", undefined],
    [undefined, "2"],
    ["2", "2"],
    ["-1", "2"],
    ["0", "0"],
    ["0", "10001"],
    ["00", "2"],
    ["1.0", "2"],
    ["", ""],
    ["0", "1e3"],
    ["0", "99999999999999999999"],
  ] as const) {
    test(`is refused for shard ${shard} of ${of}, with what is allowed`, () => {
      const parsed = parseShard(shard, of);
      assert.ok("error" in parsed && /\d/.test(parsed.error));
    });
  }
});
