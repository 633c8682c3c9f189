import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryPool } from "../../../lib/pool/memory.ts";
import type { Pool } from "../../../lib/pool/pool.ts";
import { createView } from "../../../lib/pool/view.ts";
import { settableClock } from "../../contract/clock.ts";
import { announced, provider } from "../../contract/events.ts";

const minute = 60_000;

const fixture = () => {
  const clock = settableClock();
  const pool = createMemoryPool(clock.now);
  const { calls, counted } = counting(pool);
  const view = createView(counted, clock.now);
  let sequence = 0;
  const apply = (source: string, ...addresses: string[]) => {
    const { event, group } = announced({ source, epoch: 1, sequence: ++sequence, addresses });
    return pool.offer(event, group);
  };
  return { ...clock, pool, counted, view, calls, apply };
};

const counting = (pool: Pool) => {
  const calls: string[] = [];
  const told = <Answer>(call: string, answer: Answer): Answer => {
    calls.push(call);
    return answer;
  };
  const counted: Pool = {
    ...pool,
    generations: (providers) => told("generations", pool.generations(providers)),
    all: (name) => told("all", pool.all(name)),
    moved: (name, since, isKnown) => told("moved", pool.moved(name, since, isKnown)),
    index: (name) => told("index", pool.index(name)),
  };
  return { calls, counted };
};

describe("the warm view", () => {
  test("reads everything once, then only generations while nothing moves", async () => {
    const { view, calls, apply, pool } = fixture();
    await apply("a", "x:1");
    await pool.bump(provider);
    const first = await view.groups(provider);
    const second = await view.groups(provider);
    assert.equal(first, second);
    assert.deepEqual([...first.entries.keys()], ["a"]);
    assert.deepEqual(calls, ["generations", "all", "generations"]);
  });

  test("reads what moved after a bump, and drops what was removed", async () => {
    const { view, calls, apply, pool, pass } = fixture();
    await apply("a", "x:1");
    await apply("b", "x:1");
    const before = await view.groups(provider);
    calls.length = 0;
    pass(minute);
    await apply("a");
    await apply("c", "z:1");
    await pool.bump(provider);
    const now = await view.groups(provider);
    assert.deepEqual([...now.entries.keys()].sort(), ["b", "c"]);
    assert.ok(now.generation > before.generation);
    assert.deepEqual([...before.entries.keys()].sort(), ["a", "b"]);
    assert.deepEqual(calls, ["generations", "moved"]);
  });

  test("keeps its object when a bump brought nothing new", async () => {
    const { view, apply, pool } = fixture();
    await apply("a", "x:1");
    const before = await view.groups(provider);
    await pool.bump(provider);
    assert.equal(await view.groups(provider), before);
  });

  test("sorts by source in the order of code units, once", async () => {
    const { view, apply } = fixture();
    for (const source of ["b", "a", "ä", "Z", "a/1", "a-1"]) await apply(source, "x:1");
    const now = await view.groups(provider);
    assert.deepEqual(
      now.sorted().map(({ source }) => source),
      ["Z", "a", "a-1", "a/1", "b", "ä"],
    );
    assert.equal(now.sorted(), now.sorted());
  });

  test("stays sorted as groups come, change and go", async () => {
    const { view, apply, pool } = fixture();
    for (const source of ["d", "b", "f"]) await apply(source, "x:1");
    await view.groups(provider);
    const moves = [["e", "a"], ["b"], ["g", "c", "d"], ["aa"]];
    for (const [round, sources] of moves.entries()) {
      for (const source of sources) await apply(source, `x:${round + 2}`);
      await pool.bump(provider);
      const now = await view.groups(provider);
      const sorted = now.sorted();
      assert.deepEqual(
        sorted,
        [...now.entries.values()].sort((a, b) => (a.source < b.source ? -1 : 1)),
      );
    }
    const last = await view.groups(provider);
    assert.deepEqual(
      last.sorted().map(({ source }) => source),
      ["a", "aa", "b", "c", "d", "e", "f", "g"],
    );
  });

  test("shares one refresh among those who ask at the same time, and none with other providers", async () => {
    const { view, calls } = fixture();
    await Promise.all([view.groups(provider), view.groups(provider), view.groups(provider)]);
    assert.deepEqual(calls, ["generations", "all"]);
    await view.groups("swarm/000000000000");
    assert.equal(calls.length, 4);
  });

  test("compares the index every five minutes and catches up with what no bump told", async () => {
    const { view, calls, apply, pass } = fixture();
    await apply("a", "x:1");
    await view.groups(provider);
    pass(minute);
    await apply("b", "x:1");
    assert.equal((await view.groups(provider)).entries.size, 1);
    pass(4 * minute);
    calls.length = 0;
    assert.equal((await view.groups(provider)).entries.size, 2);
    assert.deepEqual(calls, ["generations", "index", "moved"]);
    calls.length = 0;
    await view.groups(provider);
    assert.deepEqual(calls, ["generations"]);
  });

  test("reads everything when the index still differs after catching up", async () => {
    const clock = settableClock();
    const pool = createMemoryPool(() => clock.now() - 10 * minute);
    const { calls, counted } = counting(pool);
    const view = createView(counted, clock.now);
    const before = await view.groups(provider);
    const { event, group } = announced({ source: "late", epoch: 1, sequence: 1, addresses: ["x:1"] });
    await pool.offer(event, group);
    await pool.bump(provider);
    assert.equal((await view.groups(provider)).entries.size, 0);
    clock.pass(5 * minute);
    calls.length = 0;
    const now = await view.groups(provider);
    assert.equal(now.entries.size, 1);
    assert.ok(now.generation > before.generation);
    assert.deepEqual(calls, ["generations", "index", "moved", "all"]);
  });

  test("drops a source whose tombstone it never saw", async () => {
    const { view, apply, pass } = fixture();
    await apply("a", "x:1");
    await view.groups(provider);
    await apply("a");
    pass(49 * 60 * minute);
    assert.equal((await view.groups(provider)).entries.size, 0);
  });

  test("reads everything when the generation went back, as after a restored table", async () => {
    const clock = settableClock();
    const [newer, older] = [createMemoryPool(clock.now), createMemoryPool(clock.now)];
    let pool = newer;
    const view = createView(
      {
        generations: (providers) => pool.generations(providers),
        all: (name) => pool.all(name),
        moved: (name, since, isKnown) => pool.moved(name, since, isKnown),
        index: (name) => pool.index(name),
      },
      clock.now,
    );
    const [first, second] = [1, 2].map((sequence) =>
      announced({ source: "a", epoch: 1, sequence, addresses: [`v${sequence}:1`] }),
    );
    await older.offer(first!.event, first!.group);
    await newer.offer(second!.event, second!.group);
    await newer.bump(provider);
    await view.groups(provider);
    pool = older;
    assert.deepEqual((await view.groups(provider)).entries.get("a")?.version, { epoch: 1, sequence: 1 });
  });

  test("rejects while the pool cannot be read, keeps what it knew, and recovers", async () => {
    const { apply, pool, now } = fixture();
    let broken = false;
    const view = createView(
      {
        ...pool,
        generations: async (providers) => {
          if (broken) throw new Error("away");
          return pool.generations(providers);
        },
      },
      now,
    );
    await apply("a", "x:1");
    const before = await view.groups(provider);
    broken = true;
    await assert.rejects(view.groups(provider), /away/);
    broken = false;
    assert.equal(await view.groups(provider), before);
  });
});
