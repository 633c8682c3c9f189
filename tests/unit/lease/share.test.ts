import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Sized, shareLimits, shareOut } from "../../../lib/lease/share.ts";

const limits = shareLimits(1000);

describe("clusters that share relays", () => {
  test("are each in one share, none too full but for a cluster that is too large alone, whatever order they come in", () => {
    fc.assert(
      fc.property(fc.uniqueArray(cluster, { selector: ({ cluster }) => cluster }), (clusters) => {
        const shares = shareOut(clusters, limits);
        const sizes = new Map(clusters.map((one) => [one.cluster, one.targets ?? 250]));
        assert.deepEqual(shares.flat().sort(), clusters.map((one) => one.cluster).sort());
        for (const share of shares) {
          const total = share.reduce((sum, name) => sum + sizes.get(name)!, 0);
          assert.ok(total <= 1000 || share.length === 1, `${share} have ${total}`);
          assert.ok(share.length <= 20);
        }
        assert.deepEqual(shareOut(clusters.toReversed(), limits), shares);
      }),
    );
  });

  test("leave no two shares that fit into one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1500 }), { maxLength: 15 }), (sizes) => {
        const shares = shareOut(
          sizes.map((targets, at) => ({ cluster: `c${at}`, targets })),
          limits,
        );
        const totals = shares.map((share) =>
          share.reduce((sum, name) => sum + sizes[Number(name.slice(1))]!, 0),
        );
        const small = totals.toSorted((a, b) => a - b).slice(0, 2);
        assert.ok(small.length < 2 || small[0]! + small[1]! > 1000);
      }),
    );
  });

  test("count as a quarter of a share while their size is unknown", () => {
    const unknown = ["a", "b", "c", "d", "e"].map((name) => ({ cluster: name, targets: undefined }));
    assert.deepEqual(shareOut(unknown, limits), [["a", "b", "c", "d"], ["e"]]);
  });

  test("are at most twenty, however small they are", () => {
    const tiny = Array.from({ length: 41 }, (_, at) => ({ cluster: `c${at}`, targets: 1 }));
    assert.deepEqual(
      shareOut(tiny, limits).map((share) => share.length),
      [20, 20, 1],
    );
  });

  test("share nothing where that is turned off", () => {
    const clusters = [0, 5, undefined].map((targets, at) => ({ cluster: `c${at}`, targets }));
    assert.equal(shareOut(clusters, shareLimits(0)).length, 3);
  });
});

const cluster: fc.Arbitrary<Sized> = fc.record({
  cluster: fc.string({ minLength: 1 }),
  targets: fc.option(fc.nat({ max: 2000 }), { nil: undefined }),
});
