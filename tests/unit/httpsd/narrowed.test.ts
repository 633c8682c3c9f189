import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createNarrowedLists, narrowedTag } from "../../../lib/httpsd/narrowed.ts";
import { job as plainJob } from "../../fakes/jobs.ts";
import { jobOf } from "../relabel/rules.ts";
import {
  expected,
  job,
  narrowingOf,
  pools,
  query,
  targetsOf,
  type View,
  viewAfter,
  wholeOf,
} from "./filtered.ts";

describe("a narrowed list", () => {
  test("is what filtering the whole gives, for every combination and after every change", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pools, { minLength: 1, maxLength: 3 }),
        fc.array(query, { minLength: 1, maxLength: 6 }),
        async (rounds, queries) => {
          const lists = createNarrowedLists({ bytes: 2000, lists: 3 });
          let before: View[] = [];
          for (const round of rounds) {
            before = round.map((groups, index) => viewAfter(before[index], groups));
            for (const one of queries) {
              const narrowing = narrowingOf(one);
              const { pieces } = await lists.narrow(wholeOf(before), { job, narrowing });
              assert.deepEqual(targetsOf(pieces, narrowing), expected(before, narrowing), String(one));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("falls into shards that have each target once", async () => {
    await fc.assert(
      fc.asyncProperty(pools, fc.integer({ min: 1, max: 12 }), fc.boolean(), async (groups, of, relabel) => {
        const lists = createNarrowedLists();
        const whole = wholeOf(groups.map((one) => viewAfter(undefined, one)));
        const all = narrowingOf(new URLSearchParams({ relabel: String(relabel) }));
        const parts: string[] = [];
        for (let shard = 0; shard < of; shard += 1) {
          const narrowing = narrowingOf(
            new URLSearchParams({ relabel: String(relabel), shard: String(shard), of: String(of) }),
          );
          const { pieces } = await lists.narrow(whole, { job, narrowing });
          parts.push(...targetsOf(pieces, narrowing));
        }
        const { pieces } = await lists.narrow(whole, { job, narrowing: all });
        assert.deepEqual(parts.sort(), targetsOf(pieces, all));
      }),
      { numRuns: 100 },
    );
  });

  test("is rendered once as long as nothing changes, and in one piece's part when one group does", async () => {
    const groups = Array.from({ length: 1000 }, (_, index) => ({
      source: `pod/${String(index).padStart(4, "0")}`,
      labels: {},
      targets: [{ __address__: `a:${index}` }],
    }));
    const lists = createNarrowedLists();
    const narrowing = narrowingOf(new URLSearchParams({ relabel: "true" }));
    const view = viewAfter(undefined, groups);
    const first = await lists.narrow(wholeOf([view]), { job: plainJob("j"), narrowing });
    const again = await lists.narrow(wholeOf([view]), { job: plainJob("j"), narrowing });
    assert.notEqual(again.pieces, first.pieces, "another configuration");
    const one = plainJob("j");
    const before = await lists.narrow(wholeOf([view]), { job: one, narrowing });
    assert.equal((await lists.narrow(wholeOf([view]), { job: one, narrowing })).pieces, before.pieces);
    const changed = groups.with(500, { ...groups[500]!, targets: [{ __address__: "b:1" }] });
    const after = await lists.narrow(wholeOf([viewAfter(view, changed)]), { job: one, narrowing });
    const fresh = after.pieces.filter((piece) => !before.pieces.includes(piece));
    assert.equal(fresh.length, 1);
  });

  test("counts what is kept of its groups, so that many small lists do not take more than their bytes say", async () => {
    const groups = Array.from({ length: 1000 }, (_, index) => ({
      source: `pod/${index}`,
      labels: {},
      targets: [{ __address__: `a:${index}` }],
    }));
    const whole = wholeOf([viewAfter(undefined, groups)]);
    const one = plainJob("j");
    const halves = ["shard=0&of=2", "shard=1&of=2"].map((text) => narrowingOf(new URLSearchParams(text)));
    const sizes: number[] = [];
    const areBothKept = async (bytes: number) => {
      const lists = createNarrowedLists({ bytes, lists: 10 });
      const read = async (half: number) => {
        const { pieces } = await lists.narrow(whole, { job: one, narrowing: halves[half]! });
        sizes[half] = Buffer.concat(pieces).length;
        return pieces;
      };
      const first = await read(0);
      await read(1);
      return (await read(0)) === first;
    };
    assert.equal(await areBothKept(2 ** 30), true);
    const rendered = sizes[0]! + sizes[1]!;
    assert.equal(await areBothKept(2 * rendered), false, "twice the bytes of both are not room enough");
    assert.equal(await areBothKept(rendered + 1000 * 1000), true, "a thousand bytes a group are");
  });

  test("is made turn by turn when a fleet comes at once, and others are answered in between", async () => {
    const groups = Array.from({ length: 50 }, (_, index) => ({
      source: `pod/${index}`,
      labels: {},
      targets: [{ __address__: `a:${index}` }],
    }));
    const lists = createNarrowedLists();
    const whole = wholeOf([viewAfter(undefined, groups)]);
    const one = plainJob("j");
    const events: string[] = [];
    const shards = Array.from({ length: 6 }, async (_, shard) => {
      const narrowing = narrowingOf(new URLSearchParams(`shard=${shard}&of=6`));
      await lists.narrow(whole, { job: one, narrowing });
      events.push("shard");
    });
    const others = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        events.push("other");
      }
    })();
    await Promise.all([...shards, others]);
    assert.ok(events.lastIndexOf("other") < events.lastIndexOf("shard"), events.join());
  });

  test("shows a target again when the one that stood for it is gone", async () => {
    const lists = createNarrowedLists();
    const narrowing = narrowingOf(new URLSearchParams({ relabel: "true" }));
    const way = (source: string) => ({
      source,
      labels: { __meta_way: source },
      targets: [{ __address__: "a:1" }],
    });
    const both = viewAfter(undefined, [way("pod/1"), way("pod/2")]);
    const read = async (view: View) =>
      targetsOf((await lists.narrow(wholeOf([view]), { job, narrowing })).pieces, narrowing).length;
    assert.equal(await read(both), 1);
    assert.equal(await read(viewAfter(both, [way("pod/1")])), 1);
    assert.equal(await read(both), 1);
  });

  test("has another tag for another question, rule or content only", () => {
    const view = viewAfter(undefined, [{ source: "a", labels: {}, targets: [{ __address__: "a:1" }] }]);
    const tag = (text: string, one = job, tagOfWhole = "t") =>
      narrowedTag(
        { ...wholeOf([view]), tag: tagOfWhole },
        { job: one, narrowing: narrowingOf(new URLSearchParams(text)) },
      );
    const first = tag("relabel=true");
    assert.equal(tag("relabel=true"), first);
    assert.equal(tag('match[]={a="1",b="2"}&match[]={c="3"}'), tag('match[]={c="3"}&match[]={b="2", a="1"}'));
    const others = [
      tag("shard=0&of=2"),
      tag("shard=1&of=2"),
      tag("relabel=true", jobOf()),
      tag("relabel=true", job, "u"),
    ];
    assert.equal(new Set([first, ...others]).size, 5);
  });
});
