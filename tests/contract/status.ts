import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeadLetterCount } from "../../lib/deadletter/deadletter.ts";
import type { ReducerLag } from "../../lib/pool/lag.ts";
import type { Releases } from "../../lib/pool/release.ts";
import type { ProviderStatus, Statuses } from "../../lib/pool/status.ts";

export const statusContract = (name: string, makeStatuses: () => Promise<Statuses>) =>
  describe(`provider statuses on ${name}`, () => {
    test("give back what was put, ordered by provider, the last put of each", async () => {
      const statuses = await makeStatuses();
      const pods = { ...statusOf("kubernetes/bbbbbbbbbbbb"), role: "pod", lastAttempt: 5, lastSuccess: 4 };
      const counters = {
        ...{ looks: 1, failures: 2, added: 3, updated: 4, removed: 5, repaired: 6, watchFailures: 7 },
        events: { "pod add": 8, "service delete": 9 },
        durations: { count: 2, seconds: 1.5, within: [0, 1, 2, 2] },
      };
      const guard = { since: 3, sources: 11, targets: 12 };
      const files = { "/etc/a.json": 1_790_000_000_000.25 };
      const held = { ...pods, followedBy: "relay" as const, guard, counters, files };
      const swarm = statusOf("swarm/aaaaaaaaaaaa");
      await statuses.put(swarm);
      await statuses.put(statusOf("kubernetes/bbbbbbbbbbbb"));
      await statuses.put(held);
      assert.deepEqual(await statuses.list(), [held, swarm]);
      await statuses.put(pods);
      assert.deepEqual(await statuses.list(), [pods, swarm]);
    });

    test("are gone once removed; removing twice is harmless", async () => {
      const statuses = await makeStatuses();
      await statuses.put(statusOf("swarm/aaaaaaaaaaaa"));
      await statuses.remove("swarm/aaaaaaaaaaaa");
      await statuses.remove("swarm/aaaaaaaaaaaa");
      assert.deepEqual(await statuses.list(), []);
    });
  });

export const releaseContract = (name: string, makeReleases: () => Promise<Releases>) =>
  describe(`releases on ${name}`, () => {
    test("are unknown first, then the last one of each provider", async () => {
      const releases = await makeReleases();
      assert.equal(await releases.released("swarm/aaaaaaaaaaaa"), undefined);
      await releases.release("swarm/aaaaaaaaaaaa", 5);
      await releases.release("swarm/aaaaaaaaaaaa", 7);
      await releases.release("swarm/bbbbbbbbbbbb", 6);
      assert.equal(await releases.released("swarm/aaaaaaaaaaaa"), 7);
    });
  });

export const deadLetterCountContract = (name: string, makeCount: () => Promise<DeadLetterCount>) =>
  describe(`the count of dead letters on ${name}`, () => {
    test("is nothing first, then all that was added", async () => {
      const count = await makeCount();
      assert.equal(await count.read(), 0);
      await count.add(2);
      await count.add(1);
      assert.equal(await count.read(), 3);
    });
  });

export interface LagFixture {
  readonly lag: ReducerLag;
  readonly pass: (milliseconds: number) => void;
  readonly now: () => number;
}

export const lagContract = (name: string, makeLag: () => Promise<LagFixture>) =>
  describe(`the reducer's lag on ${name}`, () => {
    test("is unknown first, then the last one recorded with its time", async () => {
      const { lag, pass, now } = await makeLag();
      assert.equal(await lag.read(), undefined);
      await lag.record(90);
      pass(1_000);
      await lag.record(0.25);
      const at = now();
      pass(1_000);
      assert.deepEqual(await lag.read(), { seconds: 0.25, at });
    });
  });

const statusOf = (provider: string): ProviderStatus => ({
  provider,
  mechanism: "swarm",
  cluster: "prod",
  jobs: ["a", "b/c"],
  every: 30_000,
  lastError: "no master answered: ünïcode",
  sources: 2,
  targets: 7,
  lastDurationSeconds: 0.125,
  counters: { looks: 1, failures: 2, added: 3, updated: 4, removed: 5 },
});
