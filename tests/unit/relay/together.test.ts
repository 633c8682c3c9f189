import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAnnouncer } from "../../../lib/announce/announce.ts";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { shareLimits } from "../../../lib/lease/share.ts";
import { relayDue, relayDueSchema } from "../../../lib/targetgroup/event.ts";
import { provider } from "../../fakes/providers.ts";
import { settle } from "../local/turnedclock.ts";
import { createWorld, one, planOf, type World } from "./world.ts";

const minute = 60_000;
const other = provider({ id: "http/000000000003", cluster: "d", follow: "relay" });
const third = provider({ id: "http/000000000004", cluster: "e", follow: "relay" });
const all = [one, other, third];
const names = ["c", "d", "e"];

describe("a relay with several clusters", () => {
  test("follows each under a lease and an epoch of its own", async () => {
    const world = await together();
    assert.deepEqual(world.news().sort(), ["updated a", "updated a", "updated a"]);
    for (const name of names) assert.equal((await world.leases.holder(name))?.heldBy, "relay/r1");
    const epochs = await Promise.all(names.map(async (name) => (await world.leases.last(name))?.epoch));
    assert.equal(new Set(epochs).size, 1, "taken in the same second, yet each counts for itself");
    await world.leases.revoke("d");
    await world.clock.turn(6_000);
    assert.equal(world.running.ends.d, undefined, "the relay goes on");
    assert.equal(await world.leases.holder("d"), undefined);
    assert.ok(await world.leases.holder("c"));
  });

  test("hands over all at once, as one order", async () => {
    const world = await together();
    await world.clock.turn(15 * minute);
    assert.deepEqual(world.running.ends, { c: "time", d: "time", e: "time" });
    assert.deepEqual(orders(world), [{ schema: 1, cluster: "c", alongside: ["d", "e"] }]);
    for (const name of names) assert.equal(await world.leases.holder(name), undefined);
  });

  test("hands over as many orders as the clusters have grown to need", async () => {
    const world = await together({ limit: 10, sizes: { c: 2, d: 6, e: 7 } });
    world.running.until = world.clock.now() + 61_000 + 20_000;
    await world.clock.turn(2 * minute);
    assert.deepEqual(orders(world), [
      { schema: 1, cluster: "e", alongside: ["c"] },
      { schema: 1, cluster: "d" },
    ]);
  });

  test("lets go the largest once all are far too large together, and calls a relay of its own for it", async () => {
    const world = await together({ limit: 10, sizes: { c: 2, d: 3, e: 4 } });
    await world.clock.turn(2 * minute);
    for (let more = 0; more < 8; more += 1) change(world, other, `more-${more}`, `9:${more}`);
    await world.clock.turn(1_000);
    assert.deepEqual(orders(world), [{ schema: 1, cluster: "d" }]);
    assert.equal(await world.leases.holder("d"), undefined);
    assert.ok((await world.leases.holder("c")) && (await world.leases.holder("e")));
    world.running.until = world.clock.now();
    await world.clock.turn(3_000);
    assert.deepEqual(world.running.ends, { c: "time", d: "outgrown", e: "time" });
    assert.deepEqual(orders(world).at(-1), { schema: 1, cluster: "e", alongside: ["c"] });
  });

  test("keeps the only cluster it has, however large that is", async () => {
    const world = await together({ limit: 10, sizes: { c: 99 }, clusters: ["c"] });
    await world.clock.turn(2 * minute);
    assert.equal(world.running.end, undefined);
  });

  test("calls the successor though one cluster does not come to its end, and tells that one, too", async () => {
    const world = await together();
    await world.clock.turn(2 * minute);
    world.slowPuts(({ provider: of }) => of === other.id, 10_000);
    change(world, other, "a", "2:2");
    await world.clock.turn(50);
    world.running.until = world.clock.now();
    await world.clock.turn(3_500);
    assert.equal(world.running.end, undefined);
    assert.deepEqual(orders(world), [{ schema: 1, cluster: "c", alongside: ["d", "e"] }]);
    await world.clock.turn(10_000);
    assert.deepEqual(world.running.ends, { c: "time", d: "time", e: "time" });
    assert.equal(orders(world).length, 1);
  });

  test("fails at its end for one that failed, and the others have been followed and handed over", async () => {
    const world = createWorld({ providers: all });
    const take = world.leases.take.bind(world.leases);
    world.leases.take = (request) =>
      request.cluster === "d" ? Promise.reject(new Error("throttled")) : take(request);
    const running = world.start().run(15, "r1", names);
    await world.clock.turn(15 * minute);
    assert.equal(running.end, "Error: throttled");
    assert.deepEqual(orders(world), [{ schema: 1, cluster: "c", alongside: ["e"] }]);
  });

  test("leaves out a cluster that somebody else follows, or that nobody is to follow", async () => {
    const world = createWorld({ providers: [one, other] });
    await world.leases.take({ cluster: "d", holder: "relay/r0", milliseconds: 60 * minute });
    const running = world.start().run(15, "r1", names);
    await world.clock.turn(15 * minute);
    assert.deepEqual(running.ends, { c: "time", d: "held", e: "not followed" });
    assert.deepEqual(orders(world), [{ schema: 1, cluster: "c" }]);
  });

  test("drops the cluster that a new plan no longer has, and follows on with the others", async () => {
    const world = await together();
    world.plan = planOf([one, third], "h2");
    await world.clock.turn(5_000);
    assert.equal(await world.leases.holder("d"), undefined);
    change(world, third, "a", "3:3");
    await world.clock.turn(1_000);
    assert.deepEqual(await addresses(world, third), ["3:3"]);
  });

  test("reads the plan for all of them together, not for each", async () => {
    const world = createWorld({ providers: all });
    let reads = 0;
    const plan = async () => {
      reads += 1;
      return world.plan;
    };
    world.start({ plan }).run(15, "r1", names);
    await settle();
    assert.equal(reads, 3, "each once under its lease");
    await world.clock.turn(20_000);
    assert.ok(reads <= 3 + 10, `${reads} reads`);
  });
});

describe("of clusters on one relay, one that is slow or hostile keeps no other waiting", () => {
  test("when its looks never answer", async () => {
    const world = createWorld({ providers: all });
    world.follow.stuckFor.add(other.id);
    for (const each of all) world.follow.put(each, "a", "1:1");
    world.start().run(15, "r1", names);
    await world.clock.turn(1_000);
    assert.deepEqual(await addresses(world, one), ["1:1"]);
    change(world, one, "a", "1:2");
    await world.clock.turn(100);
    assert.deepEqual([await addresses(world, one), await addresses(world, other)], [["1:2"], []]);
  });

  test("when it fails at every turn", async () => {
    const world = createWorld({ providers: all });
    world.follow.failing.set(other.id, new Error("refused"));
    for (const each of all) world.follow.put(each, "a", "1:1");
    world.start().run(15, "r1", names);
    await world.clock.turn(5 * minute);
    change(world, third, "a", "1:2");
    await world.clock.turn(1_000);
    assert.deepEqual(await addresses(world, third), ["1:2"]);
    assert.equal((await world.record(other))?.lastError, "refused");
    assert.equal((await world.record(third))?.lastError, "");
  });

  test("when the bus takes its announcements slowly, or not at all", async () => {
    const world = await together();
    world.slowPuts(({ provider: of }) => of === other.id, 10 * minute);
    change(world, other, "a", "2:2");
    await world.clock.turn(100);
    change(world, one, "a", "1:2");
    await world.clock.turn(100);
    assert.deepEqual(await addresses(world, one), ["1:2"]);
  });

  test("when it tells of fifty thousand changes while each request to the bus takes its time", async () => {
    const world = await together();
    world.slowPuts(() => true, 20);
    for (let at = 0; at < 50_000; at += 1) world.follow.put(other, `flood-${at}`, `9:${at}`);
    for (let at = 0; at < 50_000; at += 1) world.follow.told(other, `flood-${at}`);
    await world.clock.turn(30);
    change(world, one, "a", "1:2");
    await world.clock.turn(1_000);
    assert.deepEqual(await addresses(world, one), ["1:2"]);
    const flooded = (await world.pool.all(other.id)).length;
    assert.ok(flooded > 100 && flooded < 50_000, `${flooded} of the flood are through, the rest still waits`);
  });
});

/** A relay that has followed all three for a moment; each source in `sizes` is one target. */
const together = async ({
  limit = 20_000,
  sizes = { c: 1, d: 1, e: 1 } as Record<string, number>,
  clusters = names,
} = {}) => {
  const world = createWorld({ providers: all });
  const slow = { of: (_detail: { provider?: string }) => false, milliseconds: 0 };
  const put = world.parts.bus.put.bind(world.parts.bus);
  const bus = {
    put: async (entries: Parameters<typeof put>[0]) => {
      if (entries.some(({ detail }) => slow.of(detail)))
        await new Promise<void>((resolve) => void world.clock.after(slow.milliseconds, resolve));
      await put(entries);
    },
  };
  const blobs = createMemoryBlobs(world.clock.now);
  const announce = createAnnouncer({ bus, blobs, clock: world.clock.now });
  for (const each of all) {
    for (let at = 0; at < (sizes[each.cluster] ?? 0); at += 1)
      world.follow.put(each, at === 0 ? "a" : `a${at}`, `1:${at}`);
  }
  const relay = world.start({ bus, announce, limits: shareLimits(limit) });
  const running = relay.run(15, "r1", clusters);
  await settle();
  const slowPuts = (of: typeof slow.of, milliseconds: number) => Object.assign(slow, { of, milliseconds });
  return Object.assign(world, { relay, running, slowPuts });
};

const change = (world: World, of: Provider, source: string, address: string) => {
  world.follow.put(of, source, address);
  world.follow.told(of, source);
};

const addresses = async (world: World, { id }: Provider) =>
  (await world.pool.all(id)).flatMap(({ group }) => group!.targets.map((target) => target.__address__));

/** Each *Relay Due* that was put. */
const orders = (world: World) =>
  world.puts.flatMap(({ entries }) =>
    entries.flatMap(({ detailType, detail }) =>
      detailType === relayDue ? [relayDueSchema.parse(detail)] : [],
    ),
  );
