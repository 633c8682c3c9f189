import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { shareLimits } from "../../../lib/lease/share.ts";
import { type FollowedCluster, followedNow, relayOrders } from "../../../lib/tick/relays.ts";
import { provider, status } from "../../fakes/providers.ts";

const now = Date.parse("2026-01-02T03:04:05Z");
const limits = shareLimits(1000);
const minute = 60_000;

const free = (cluster: string, targets?: number): FollowedCluster => ({ cluster, targets, last: undefined });

const held = (cluster: string, by: string, { targets = 100 as number | undefined, minutes = 5 } = {}) => ({
  cluster,
  targets,
  last: { heldBy: by, until: now + 10_000, epoch: (now - minutes * minute) / 1000 },
});

const died = (cluster: string): FollowedCluster => {
  const one = held(cluster, "relay/dead");
  return { ...one, last: { ...one.last, until: now - 1 } };
};

const orders = (...clusters: FollowedCluster[]) => relayOrders(clusters, { limits, now });

describe("the relays that a tick orders", () => {
  test("share clusters that nobody holds, by size", () => {
    const { missing } = orders(free("a", 600), free("b", 300), free("c", 500), free("d", 5000));
    assert.deepEqual(missing, [["d"], ["a", "b"], ["c"]]);
  });

  test("leave alone what is held, by a relay or by a look", () => {
    assert.deepEqual(orders(held("a", "relay/1"), held("b", "look-1")), { missing: [], merged: [] });
  });

  test("give a cluster whose holder died one of its own, since it may be what killed it", () => {
    assert.deepEqual(orders(free("a", 1), died("b"), died("c"), free("d", 1)).missing, [
      ["a", "d"],
      ["b"],
      ["c"],
    ]);
  });

  test("take a cluster that was given back for one that nobody held", () => {
    const back = { ...free("b", 1), last: { heldBy: "relay/1", until: 0, epoch: now / 1000 - 600 } };
    assert.deepEqual(orders(free("a", 1), back).missing, [["a", "b"]]);
  });

  test("merge small ones, one merger a tick, with room left to grow", () => {
    const clusters = [
      held("a", "relay/1", { targets: 400 }),
      held("b", "relay/2", { targets: 300 }),
      held("c", "relay/2", { targets: 40 }),
      held("d", "relay/3", { targets: 700 }),
      held("e", "relay/4", { targets: 20 }),
      held("f", "relay/5", { targets: 10 }),
    ];
    assert.deepEqual(orders(...clusters), { missing: [], merged: ["d", "e", "f"] });
  });

  test("merge none that is younger than three minutes, of unknown size, or no relay", () => {
    assert.deepEqual(orders(held("a", "relay/1"), held("b", "relay/2", { minutes: 2 })).merged, []);
    assert.deepEqual(orders(held("a", "relay/1"), held("b", "look-1")).merged, []);
    const unknown = { ...held("b", "relay/2"), targets: undefined };
    assert.deepEqual(orders(held("a", "relay/1"), unknown).merged, []);
  });

  test("merge nothing where every cluster has its own", () => {
    const clusters = [held("a", "relay/1"), held("b", "relay/2")];
    assert.deepEqual(relayOrders(clusters, { limits: shareLimits(0), now }).merged, []);
  });
});

describe("the clusters to follow", () => {
  test("are as large as the records of their providers say, and of unknown size before a look succeeded", async () => {
    const providers = [
      provider({ id: "http/1", cluster: "a" }),
      provider({ id: "http/2", cluster: "a" }),
      provider({ id: "http/3", cluster: "b" }),
    ];
    const statuses = [
      status({ provider: "http/1", cluster: "a", targets: 3, lastSuccess: now }),
      status({ provider: "http/2", cluster: "a", targets: 4, lastSuccess: now }),
      status({ provider: "http/3", cluster: "b", targets: 5 }),
    ];
    const leases = createMemoryLeases(() => now);
    await leases.take({ cluster: "b", holder: "relay/1", milliseconds: 1000 });
    assert.deepEqual(await followedNow(["a", "b"], { providers, statuses }, leases), [
      { cluster: "a", targets: 7, last: undefined },
      { cluster: "b", targets: undefined, last: { heldBy: "relay/1", until: now + 1000, epoch: now / 1000 } },
    ]);
  });
});
