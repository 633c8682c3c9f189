import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { viewOfEntries } from "../../../lib/pool/view.ts";
import { createPopulator } from "../../../lib/relabel/populate.ts";
import { jobIdentity } from "../../../lib/scrapepool/identity.ts";
import { outcomesOf } from "../../../lib/scrapepool/outcomes.ts";
import { discoveredLabels, readScrapePool } from "../../../lib/scrapepool/scrapepool.ts";
import { jobOf } from "../relabel/rules.ts";

const rules = `
relabel_configs:
- {source_labels: [__meta_state], regex: drop, action: drop}
- {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
`;
const entry = (source: string, __address__: string, labels: Record<string, string> = {}) => ({
  source,
  version: { epoch: 1, sequence: 1 },
  hash: "0",
  group: { source, labels, targets: [{ __address__ }] },
});
const viewsOf = (...providers: ReturnType<typeof entry>[][]) =>
  new Map(providers.map((entries, index) => [`p/${index}`, viewOfEntries(entries)]));

describe("a job's scrape pool", () => {
  test("has what is active, dropped and failed, of one provider after the other, by source", async () => {
    const views = viewsOf(
      [entry("b", "b:1"), entry("a", "a:1", { __meta_state: "drop" })],
      [entry("a", "c:1", { __meta_state: "clear" }), entry("0", "d:1")],
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
      viewsOf([entry("a", "a:1", way("1")), entry("b", "a:1", way("2")), entry("c", "a:1", way("3"))]),
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

  test("is the same object as long as nothing changes, and costs one group when one does", async () => {
    const job = jobOf(rules);
    const [a, b] = [entry("a", "a:1"), entry("b", "b:1")];
    const views = viewsOf([a, b]);
    const pool = await readScrapePool(job, views);
    assert.equal(await readScrapePool(job, new Map(views)), pool);
    const next = await readScrapePool(job, viewsOf([a, entry("b", "b:2")]));
    assert.notEqual(next, pool);
    assert.equal(next.targets[0]?.outcome, pool.targets[0]?.outcome);
    assert.notEqual(next.targets[1]?.outcome, pool.targets[1]?.outcome);
    assert.notEqual(outcomesOf(jobOf(rules), a.group), outcomesOf(job, a.group), "another configuration");
  });

  test("lets others have their turn while many groups are relabelled", async () => {
    const entries = Array.from({ length: 1200 }, (_, index) => entry(`s/${index}`, `a:${index}`));
    let turns = 0;
    const count = () => {
      turns += 1;
      if (turns < 100) setImmediate(count);
    };
    setImmediate(count);
    await readScrapePool(jobOf(), viewsOf(entries));
    assert.ok(turns >= 2, `${turns} turns`);
  });

  test("shows discovered labels as Prometheus does", async () => {
    const job = jobOf("scheme: https");
    const one = entry("a", "a:1", { __meta_x: "1" });
    const pool = await readScrapePool(job, viewsOf([one]));
    const shown = createPopulator(job).discovered(one.group.targets[0]!, one.group.labels);
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
