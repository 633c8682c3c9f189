import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dueClusters, followedClusters } from "../../../lib/tick/due.ts";
import { provider, status } from "../../fakes/providers.ts";

const now = 1_790_000_000_000;

describe("a cluster is due", () => {
  test("when one of its providers was never looked at", () => {
    const providers = [
      provider({ id: "kubernetes/a", cluster: "c" }),
      provider({ id: "kubernetes/b", cluster: "c" }),
    ];
    assert.deepEqual(dueClusters(providers, [status({ provider: "kubernetes/a", lastAttempt: now })], now), [
      "c",
    ]);
  });

  test("when its interval has passed, a schedule's jitter allowed for", () => {
    const providers = [provider({ id: "kubernetes/a", cluster: "c", every: 60_000 })];
    const looked = (ago: number) => [status({ provider: "kubernetes/a", lastAttempt: now - ago })];
    assert.deepEqual(dueClusters(providers, looked(54_000), now), []);
    assert.deepEqual(dueClusters(providers, looked(56_000), now), ["c"]);
  });

  test("when the last look failed as when it succeeded", () => {
    const providers = [provider({ id: "kubernetes/a", cluster: "c", every: 60_000 })];
    const failed = status({ provider: "kubernetes/a", lastAttempt: now - 30_000, lastError: "down" });
    assert.deepEqual(dueClusters(providers, [failed], now), []);
  });

  test("when it has a provider that the configuration no longer has", () => {
    assert.deepEqual(dueClusters([], [status({ provider: "kubernetes/a", cluster: "gone" })], now), ["gone"]);
  });

  test("never while a relay is to follow it, not even for a provider that is to be retired there", () => {
    const providers = [provider({ id: "kubernetes/a", cluster: "c", follow: "relay" })];
    const gone = status({ provider: "kubernetes/b", cluster: "c", lastAttempt: now });
    assert.deepEqual(dueClusters(providers, [gone], now), []);
  });

  test("once, however many of its providers are", () => {
    const providers = ["a", "b", "c"].map((id) =>
      provider({ id: `static/${id}`, cluster: id === "c" ? "x" : "y" }),
    );
    assert.deepEqual(dueClusters(providers, [], now), ["x", "y"]);
  });
});

test("a cluster is followed once, however many of its providers a relay is to follow", () => {
  const providers = [
    provider({ id: "kubernetes/a", cluster: "y", follow: "relay" }),
    provider({ id: "kubernetes/b", cluster: "y", follow: "relay" }),
    provider({ id: "file/c", cluster: "x", follow: "relay" }),
    provider({ id: "static/d", cluster: "z" }),
  ];
  assert.deepEqual(followedClusters(providers), ["x", "y"]);
});
