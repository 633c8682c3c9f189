import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RegistryRecord } from "../../lib/adapter/registry/record.ts";
import type { Registries } from "../../lib/adapter/registry/registries.ts";

/** What relisting stands on, whatever keeps it. */
export const registriesContract = (name: string, makeRegistries: () => Promise<Registries>) =>
  describe(`registries on ${name}`, () => {
    const now = Date.UTC(2026, 10, 26);
    const record = (at: number, metrics = 1): RegistryRecord => ({
      at,
      rules: { path: "adapter.yml", text: "rules: []" },
      resources: [
        { group: "", version: "v1", resource: "pods", singular: "pod", kind: "Pod", namespaced: true },
      ],
      custom: Array.from({ length: metrics }, (_, n) => ({
        metric: `m${n}`,
        rule: 0,
        series: `series_with_a_longer_name_${n}_${(n * 7919) % 104_729}`,
        group: "",
        resource: "pods",
        namespaced: n % 2 === 0,
      })),
      external: [{ metric: "q", rule: 1, series: "queue" }],
    });
    const good = (began: number) => ({
      cluster: "prod",
      began,
      ended: began + 5,
      good: began,
      failures: 0,
      rules: "abc",
    });
    const bad = (began: number) => ({
      cluster: "prod",
      began,
      ended: began + 5,
      failures: 1,
      reason: "away",
      rules: "abc",
    });

    test("are unknown before the first relist, also while it is under way", async () => {
      const registries = await makeRegistries();
      assert.equal(await registries.state("prod"), undefined);
      await registries.take("prod", { at: now, since: 0 });
      assert.equal(await registries.state("prod"), undefined);
    });

    test("are relisted by one at a time", async () => {
      const registries = await makeRegistries();
      const takers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => registries.take("prod", { at: now + n, since: now - 1 })),
      );
      assert.equal(takers.filter(Boolean).length, 1);
      assert.equal(await registries.take("other", { at: now, since: now - 1 }), true);
    });

    test("may be relisted by the next once the one before is dead", async () => {
      const registries = await makeRegistries();
      assert.equal(await registries.take("prod", { at: now, since: 0 }), true);
      assert.equal(await registries.take("prod", { at: now + 10, since: now - 1 }), false);
      assert.equal(await registries.take("prod", { at: now + 10, since: now }), true);
      assert.equal(await registries.finish(good(now), record(now)), false);
      assert.equal(await registries.state("prod"), undefined);
      assert.equal(await registries.finish(good(now + 10), record(now + 10)), true);
    });

    test("keep what was found, however much", async () => {
      const registries = await makeRegistries();
      await registries.take("prod", { at: now, since: 0 });
      await registries.finish(good(now), record(now, 30_000));
      const state = await registries.state("prod");
      assert.ok(state?.registry);
      const { registry: _registry, ...rest } = state;
      assert.deepEqual(rest, good(now));
      assert.deepEqual(await registries.record(state), record(now, 30_000));
    });

    test("keep the last good one when a relist fails", async () => {
      const registries = await makeRegistries();
      await registries.take("prod", { at: now, since: 0 });
      await registries.finish(good(now), record(now));
      await registries.take("prod", { at: now + 10, since: now });
      await registries.finish(bad(now + 10));
      const state = await registries.state("prod");
      assert.ok(state);
      assert.deepEqual([state.failures, state.reason], [1, "away"]);
      assert.deepEqual(await registries.record(state), record(now));
    });

    test("have none when the first relist fails", async () => {
      const registries = await makeRegistries();
      await registries.take("prod", { at: now, since: 0 });
      await registries.finish(bad(now));
      const state = await registries.state("prod");
      assert.deepEqual(state, bad(now));
      assert.equal(state && (await registries.record(state)), undefined);
    });
  });
