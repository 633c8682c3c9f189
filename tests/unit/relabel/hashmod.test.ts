import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hashmod } from "../../../lib/relabel/hashmod.ts";

describe("hashmod", () => {
  test("gives the numbers of Prometheus's own tests", () => {
    assert.deepEqual(
      ["baz", "foo\nbar", ""].map((text) => hashmod(text, 1000n)),
      [976n, 734n, 958n],
    );
  });

  test("has 64 unsigned bits", () => {
    assert.equal(hashmod("baz", 2n ** 64n - 1n), 16450797887570275976n);
    assert.equal(hashmod("größe 😀", 2n ** 64n - 59n), 13633115318798374599n);
  });

  test("spreads addresses evenly", () => {
    for (const shards of [2, 3, 7, 16]) {
      const counts = Array.from({ length: shards }, () => 0);
      for (let index = 0; index < 8000; index += 1) {
        const shard = Number(hashmod(`10.0.${index >> 8}.${index & 255}:9100`, BigInt(shards)));
        counts[shard] = (counts[shard] ?? 0) + 1;
      }
      const even = 8000 / shards;
      assert.ok(
        counts.every((count) => Math.abs(count - even) < 5 * Math.sqrt(even)),
        String(counts),
      );
    }
  });
});
