import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Held, Lease, Leases } from "../../lib/lease/lease.ts";

export interface LeaseFixture {
  readonly leases: Leases;
  readonly pass: (milliseconds: number) => void;
  readonly now: () => number;
}

export const leaseContract = (name: string, makeLeases: () => Promise<LeaseFixture>) =>
  describe(`leases on ${name}`, () => {
    test("are taken by one, and tell others who has them and until when", async () => {
      const { leases, now } = await makeLeases();
      const lease = taken(await leases.take(request("one")));
      assert.deepEqual(lease, {
        cluster: "prod",
        holder: "one",
        epoch: now() / 1_000,
        expiresAt: now() + 60_000,
      });
      assert.deepEqual(await leases.take(request("two")), { heldBy: "one", until: now() + 60_000 });
      assert.deepEqual(await leases.take(request("one")), { heldBy: "one", until: now() + 60_000 });
    });

    test("can be taken by another once they have run out, with the next epoch", async () => {
      const { leases, pass } = await makeLeases();
      const first = taken(await leases.take(request("one", 500)));
      pass(499);
      assert.ok("heldBy" in (await leases.take(request("two"))));
      pass(1);
      assert.equal(taken(await leases.take(request("two"))).epoch, first.epoch + 1);
    });

    test("raise the epoch by one at each taking within a second, never below the clock's seconds", async () => {
      const { leases, pass, now } = await makeLeases();
      const epochs = [];
      for (let taking = 0; taking < 5; taking++) {
        const lease = taken(await leases.take(request("one")));
        epochs.push(lease.epoch);
        await leases.giveBack(lease);
      }
      const start = now() / 1_000;
      assert.deepEqual(epochs, [start, start + 1, start + 2, start + 3, start + 4]);
      pass(3_600_000);
      assert.equal(taken(await leases.take(request("one"))).epoch, start + 3_600);
    });

    test("know the epoch of the taking before, however long ago that was", async () => {
      const { leases, pass } = await makeLeases();
      const first = taken(await leases.take(request("one")));
      assert.equal(first.previous, undefined);
      pass(3_600_000);
      assert.equal(taken(await leases.take(request("two"))).previous, first.epoch);
    });

    test("keep growing under a clock that went back", async () => {
      const { leases, pass } = await makeLeases();
      const first = taken(await leases.take(request("one")));
      await leases.giveBack(first);
      pass(-7_200_000);
      assert.equal(taken(await leases.take(request("two"))).epoch, first.epoch + 1);
    });

    test("are free at once when given back, but only by their holder", async () => {
      const { leases, pass } = await makeLeases();
      const old = taken(await leases.take(request("one")));
      pass(60_000);
      const current = taken(await leases.take(request("two")));
      await leases.giveBack(old);
      assert.ok("heldBy" in (await leases.take(request("three"))));
      await leases.giveBack(current);
      assert.ok("epoch" in (await leases.take(request("three"))));
    });

    test("are renewed from now on, with the same epoch", async () => {
      const { leases, pass, now } = await makeLeases();
      const lease = taken(await leases.take(request("one")));
      pass(50_000);
      assert.deepEqual(await leases.renew(lease, 60_000), { ...lease, expiresAt: now() + 60_000 });
      pass(59_999);
      assert.ok("heldBy" in (await leases.take(request("two"))));
      pass(1);
      assert.ok("epoch" in (await leases.take(request("two"))));
    });

    test("are not renewed once another epoch was taken or they were given back", async () => {
      const { leases, pass } = await makeLeases();
      const first = taken(await leases.take(request("one")));
      pass(60_000);
      const second = taken(await leases.take(request("two")));
      assert.equal(await leases.renew(first, 60_000), undefined);
      await leases.giveBack(second);
      assert.equal(await leases.renew(second, 60_000), undefined);
      assert.ok("epoch" in (await leases.take(request("three"))));
    });

    test("tell who holds them to those who only ask, until they run out or are given back", async () => {
      const { leases, pass, now } = await makeLeases();
      assert.equal(await leases.holder("prod"), undefined);
      const lease = taken(await leases.take(request("relay/one")));
      assert.deepEqual(await leases.holder("prod"), { heldBy: "relay/one", until: now() + 60_000 });
      assert.equal(await leases.holder("stage"), undefined);
      await leases.giveBack(lease);
      assert.equal(await leases.holder("prod"), undefined);
      taken(await leases.take(request("two")));
      pass(60_000);
      assert.equal(await leases.holder("prod"), undefined);
    });

    test("tell the last taking to those who ask, with nothing left of one that was given back or revoked", async () => {
      const { leases, pass, now } = await makeLeases();
      assert.equal(await leases.last("prod"), undefined);
      const lease = taken(await leases.take(request("relay/one")));
      const last = { heldBy: "relay/one", until: now() + 60_000, epoch: lease.epoch };
      assert.deepEqual(await leases.last("prod"), last);
      pass(120_000);
      assert.deepEqual(await leases.last("prod"), last);
      await leases.giveBack(lease);
      assert.deepEqual(await leases.last("prod"), { ...last, until: 0 });
      taken(await leases.take(request("two")));
      await leases.revoke("prod");
      assert.deepEqual((await leases.last("prod"))?.until, 0);
    });

    test("can be revoked by one who knows that the holder is dead, and are then the next one's at once", async () => {
      const { leases } = await makeLeases();
      await leases.revoke("prod");
      const dead = taken(await leases.take(request("dead")));
      await leases.revoke("prod");
      assert.equal(await leases.renew(dead, 60_000), undefined);
      assert.equal(taken(await leases.take(request("two"))).epoch, dead.epoch + 1);
    });

    test("are one per cluster", async () => {
      const { leases } = await makeLeases();
      taken(await leases.take(request("one")));
      taken(await leases.take({ ...request("one"), cluster: "stage" }));
    });

    test("have one winner among fifty takers, again and again with a greater epoch", async () => {
      const { leases } = await makeLeases();
      let last = 0;
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, taker) => leases.take(request(`taker-${taker}`))),
        );
        const won = answers.filter((answer) => "epoch" in answer);
        assert.equal(won.length, 1);
        const [lease] = won;
        assert.ok(lease !== undefined && lease.epoch > last);
        assert.ok(answers.every((answer) => "epoch" in answer || answer.heldBy === lease.holder));
        last = lease.epoch;
        await leases.giveBack(lease);
      }
    });
  });

const request = (holder: string, milliseconds = 60_000) => ({ cluster: "prod", holder, milliseconds });

const taken = (answer: Lease | Held): Lease => {
  if ("epoch" in answer) return answer;
  throw new assert.AssertionError({ message: `held by ${answer.heldBy}` });
};
