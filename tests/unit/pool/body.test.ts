import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { compressGroup, decompressGroup } from "../../../lib/pool/body.ts";

const compressed = (value: unknown) => deflateRawSync(JSON.stringify(value));

describe("a group's body", () => {
  test("comes back as it was", () => {
    const labels = fc.dictionary(fc.string(), fc.string());
    const group = fc.record({ source: fc.string({ minLength: 1 }), labels, targets: fc.array(labels) });
    fc.assert(
      fc.property(group, (one) => {
        const back = decompressGroup(compressGroup(one), one.source);
        assert.equal(JSON.stringify(back), JSON.stringify(one));
      }),
    );
  });

  test("comes back as it was, whether it fits into the small window or not", () => {
    for (const length of [4_000, 4_096, 5_000, 100_000]) {
      const text = Array.from({ length }, (_, at) => String.fromCharCode(33 + ((at * at) % 90))).join("");
      const group = { source: "pod/a", labels: { text }, targets: [{ again: text }] };
      assert.deepEqual(decompressGroup(compressGroup(group), "pod/a"), group);
    }
  });

  test("is refused by the source's name when it cannot be read", () => {
    assert.throws(
      () => decompressGroup(Buffer.from("no deflate"), "pod/a"),
      /group pod\/a .* cannot be read/,
    );
    assert.throws(() => decompressGroup(deflateRawSync("{"), "pod/a"), /group pod\/a .* cannot be read/);
  });

  test("is refused when it is not a group of that source", () => {
    const group = { source: "pod/a", labels: {}, targets: [{}] };
    const others: unknown[] = [
      null,
      [],
      "pod/a",
      { ...group, source: "pod/b" },
      { ...group, source: 1 },
      { ...group, labels: [] },
      { ...group, labels: { a: 1 } },
      { ...group, targets: {} },
      { ...group, targets: [null] },
      { ...group, targets: [{ a: null }] },
    ];
    assert.deepEqual(decompressGroup(compressed(group), "pod/a"), group);
    for (const other of others) {
      assert.throws(() => decompressGroup(compressed(other), "pod/a"), /not a group of this source/);
    }
  });
});
