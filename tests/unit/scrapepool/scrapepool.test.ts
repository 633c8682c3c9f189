import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPopulator } from "../../../lib/relabel/populate.ts";
import { jobIdentity } from "../../../lib/scrapepool/identity.ts";
import { outcomesOf } from "../../../lib/scrapepool/outcomes.ts";
import { discoveredLabels, keptDropped, readScrapePool } from "../../../lib/scrapepool/scrapepool.ts";
import type { LabelSet, TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { viewsOf } from "../../fakes/views.ts";
import { jobOf } from "../relabel/rules.ts";

const rules = `
relabel_configs:
- {source_labels: [__meta_state], regex: drop, action: drop}
- {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
`;
const group = (source: string, __address__: string, labels: LabelSet = {}): TargetGroup => ({
  source,
  labels,
  targets: [{ __address__ }],
});

describe("a job's scrape pool", () => {
  test("has what is active, dropped and failed, of one provider after the other, by source", async () => {
    const views = viewsOf(
      [group("b", "b:1"), group("a", "a:1", { __meta_state: "drop" })],
      [group("a", "c:1", { __meta_state: "clear" }), group("0", "d:1")],
    );
    const pool = await readScrapePool(jobOf(rules), views);
    const places = (targets: readonly { provider: string; entry: { source: string } }[]) =>
      targets.map(({ provider, entry: { source } }) => `${provider} ${source}`);
    assert.deepEqual(places(pool.targets), ["p/0 a", "p/0 b", "p/1 0", "p/1 a"]);
    assert.deepEqual(places(pool.active.map(({ origin }) => origin)), ["p/0 b", "p/1 0"]);
    assert.deepEqual(places(pool.dropped), ["p/0 a"]);
    assert.deepEqual(places(pool.failed), ["p/1 a"]);
  });

  test("counts equal final labels as one target, and knows who stands for whom", async () => {
    const way = (text: string) => ({ __meta_way: text });
    const pool = await readScrapePool(
      jobOf(),
      viewsOf([group("a", "a:1", way("1")), group("b", "a:1", way("2")), group("c", "a:1", way("3"))]),
    );
    const [one] = pool.active;
    assert.deepEqual([pool.active.length, one?.count, one?.origin.entry.source], [1, 3, "c"]);
    assert.deepEqual(
      [...pool.merged].map(
        ([
          {
            entry: { source },
          },
          target,
        ]) => [source, target === one],
      ),
      [
        ["a", true],
        ["b", true],
      ],
    );
  });

  test("has several equal targets where the first of them was, and shows the last", async () => {
    const { active } = await readScrapePool(
      jobOf(),
      viewsOf([
        {
          source: "one",
          labels: {},
          targets: [{ __address__: "a:1", __meta_path: "/x" }, { __address__: "b:1" }],
        },
        { source: "two", labels: {}, targets: [{ __address__: "a:1", __meta_path: "/y" }] },
      ]),
    );
    assert.deepEqual(
      active.map(({ origin: { entry, index }, count }) => [
        entry.source,
        index,
        entry.group.targets[index]?.__meta_path,
        count,
      ]),
      [
        ["two", 0, "/y", 2],
        ["one", 1, undefined, 1],
      ],
    );
  });

  test("has every target that was dropped, and shows as many as are to be kept", async () => {
    const targets = ["a:1", "b:1", "a:1"].map((__address__) => ({ __address__ }));
    const views = viewsOf([{ source: "s", labels: {}, targets }]);
    for (const [kept, places] of [
      [1, [0]],
      [0, [0, 1, 2]],
      [9, [0, 1, 2]],
    ] as const) {
      const job = jobOf(`keep_dropped_targets: ${kept}\nrelabel_configs: [{ action: drop, regex: '' }]`);
      const pool = await readScrapePool(job, views);
      assert.deepEqual([pool.dropped.length, pool.active.length], [3, 0]);
      assert.deepEqual(
        keptDropped(job, pool).map(({ index, outcome }) => [index, outcome]),
        places.map((index) => [index, { state: "dropped", rule: 0 }]),
      );
    }
  });

  test("has those that cannot be neither among the active nor the dropped ones", async () => {
    const targets = [{ __address__: "a:1" }, { __address__: "" }];
    const pool = await readScrapePool(jobOf(), viewsOf([{ source: "file:0", labels: {}, targets }]));
    assert.deepEqual([pool.active.length, pool.dropped.length], [1, 0]);
    assert.deepEqual(
      pool.failed.map(({ entry, index, outcome }) => [entry.source, index, outcome]),
      [["file:0", 1, { state: "failed", error: "no address" }]],
    );
  });

  test("of no groups has nothing", async () => {
    const nothing = { targets: [], active: [], dropped: [], failed: [], merged: new Map() };
    for (const views of [viewsOf(), viewsOf([])]) {
      assert.deepEqual(await readScrapePool(jobOf(), views), nothing);
    }
  });

  test("is the same object as long as nothing changes, and costs one group when one does", async () => {
    const job = jobOf(rules);
    const [a, b] = [group("a", "a:1"), group("b", "b:1")];
    const views = viewsOf([a, b]);
    const pool = await readScrapePool(job, views);
    assert.equal(await readScrapePool(job, new Map(views)), pool);
    const next = await readScrapePool(job, viewsOf([a, group("b", "b:2")]));
    assert.notEqual(next, pool);
    assert.equal(next.targets[0]?.outcome, pool.targets[0]?.outcome);
    assert.notEqual(next.targets[1]?.outcome, pool.targets[1]?.outcome);
    assert.notEqual(outcomesOf(jobOf(rules), a), outcomesOf(job, a), "another configuration");
  });

  test("lets others have their turn while many groups are relabelled", async () => {
    const groups = Array.from({ length: 1200 }, (_, index) => group(`s/${index}`, `a:${index}`));
    let turns = 0;
    const count = () => {
      turns += 1;
      if (turns < 100) setImmediate(count);
    };
    setImmediate(count);
    await readScrapePool(jobOf(), viewsOf(groups));
    assert.ok(turns >= 2, `${turns} turns`);
  });

  test("shows discovered labels as Prometheus does", async () => {
    const job = jobOf("scheme: https");
    const one = group("a", "a:1", { __meta_x: "1" });
    const pool = await readScrapePool(job, viewsOf([one]));
    const shown = createPopulator(job).discovered(one.targets[0]!, one.labels);
    assert.deepEqual(discoveredLabels(job, pool.targets[0]!), shown);
  });
});

describe("a job's identity", () => {
  test("changes with everything that its targets depend on, and with nothing else", () => {
    const same = [jobOf(), jobOf("static_configs: [{targets: [a:1]}]"), jobOf("scrape_interval: 1m")];
    assert.equal(new Set(same.map(jobIdentity)).size, 1);
    const others = ["scheme: https", "params: {a: [b]}", "scrape_interval: 2m", rules];
    const moduli = [1, 2].map(
      (modulus) => `relabel_configs: [{action: hashmod, modulus: ${modulus}, target_label: a}]`,
    );
    const all = [jobOf(), ...[...others, ...moduli].map(jobOf)];
    assert.equal(new Set(all.map(jobIdentity)).size, all.length);
  });
});
