import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { status } from "../../fakes/providers.ts";
import { oneJob, setUp } from "./world.ts";

describe("a tick over a followed cluster", () => {
  test("orders one relay and no look while nobody holds its lease", async () => {
    const world = setUp(oneJob, "relay");
    const { due, relays } = await world.tick();
    assert.match(relays[0] ?? "", /^file\/[0-9a-f]{12}$/);
    assert.deepEqual([due, world.ordered(), world.relaysOrdered()], [[], [], relays]);
  });

  test("orders nothing while somebody holds its lease, and a relay once that has run out", async () => {
    const world = setUp(oneJob, "relay");
    const [cluster = ""] = (await world.tick()).relays;
    await world.leases.take({ cluster, holder: "relay/a", milliseconds: 15_000 });
    const { due, relays } = await world.tick();
    assert.deepEqual([due, relays], [[], []]);
    world.time.now += 15_000;
    assert.deepEqual((await world.tick()).relays, [cluster]);
  });

  test("orders a relay at the start of a process whoever has the lease, and ends that, since it is a dead one's", async () => {
    const world = setUp(oneJob, "relay");
    const [cluster = ""] = (await world.tick()).relays;
    await world.leases.take({ cluster, holder: "relay/a", milliseconds: 15_000 });
    const answer = await world.handle({ schedule: "tick", start: true });
    assert.ok("relays" in answer);
    assert.deepEqual([answer.relays, answer.due], [[cluster], []]);
    assert.equal(await world.leases.holder(cluster), undefined);
  });

  test("orders a relay while the reducer is behind too, since only a full check adds to its work", async () => {
    const world = setUp(oneJob, "relay");
    await world.lag.record(61);
    assert.equal((await world.tick()).relays.length, 1);
  });

  test("orders a relay as soon as a reload brings the cluster", async () => {
    const world = setUp("scrape_configs: []", "relay");
    assert.deepEqual((await world.tick()).relays, []);
    world.text = oneJob;
    await world.post({ host: "127.0.0.1:9095" });
    assert.equal(world.relaysOrdered().length, 1);
  });

  test("orders looks again once the environment says so", async () => {
    const world = setUp(oneJob, "relay");
    const [cluster = ""] = (await world.tick()).relays;
    world.follow = "schedule";
    const { due, relays } = await world.tick();
    assert.deepEqual([due, relays], [[cluster], []]);
  });
});

describe("a tick over many followed clusters", () => {
  const jobs = (names: string[]) =>
    `scrape_configs:\n${names.map((name) => `- {job_name: ${name}, file_sd_configs: [{files: [${name}.json]}]}\n`).join("")}`;

  test("orders one relay for those that fit together", async () => {
    const world = setUp(jobs(["a", "b", "c"]), "relay");
    const { relays } = await world.tick();
    assert.equal(relays.length, 3);
    assert.deepEqual(world.relayOrders(), [{ schema: 1, cluster: relays[0], alongside: relays.slice(1) }]);
  });

  test("takes the clusters of relays that carry too little from them, and orders one for all", async () => {
    const world = setUp(jobs(["a", "b"]), "relay");
    const [a = "", b = ""] = (await world.tick()).relays;
    for (const cluster of [a, b]) {
      await world.leases.take({ cluster, holder: `relay/${cluster}`, milliseconds: 900_000 });
      await world.statuses.put(
        status({ provider: cluster, cluster, targets: 5, lastSuccess: world.time.now }),
      );
    }
    assert.deepEqual((await world.tick()).relays, []);
    world.time.now += 200_000;
    assert.deepEqual((await world.tick()).relays, [a, b]);
    assert.deepEqual(world.relayOrders().at(-1), { schema: 1, cluster: a, alongside: [b] });
    assert.deepEqual([await world.leases.holder(a), await world.leases.holder(b)], [undefined, undefined]);
  });
});
