import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { emptySet } from "../../../lib/metrics/batch.ts";
import { scrapeAll } from "../../../lib/metrics/scrape.ts";
import type { MetricsSource } from "../../../lib/metrics/source.ts";

const window = { start: 0, end: 60_000 };
const source = (name: string, ...keys: string[]): MetricsSource => ({
  name,
  scrape: async () => new Map(keys.map((key) => [key, emptySet({ from: name })])),
});

const world = () => {
  const alarms = new Set<() => void>();
  const waits: number[] = [];
  return {
    waits,
    ring: () => {
      for (const alarm of alarms) alarm();
    },
    alarms,
    parts: {
      clock: {
        now: () => 0,
        after: (_: number, run: () => void) => {
          alarms.add(run);
          return () => alarms.delete(run);
        },
      },
      random: () => 0.5,
      wait: async (milliseconds: number) => void waits.push(milliseconds),
    },
  };
};

describe("all sources together", () => {
  test("give what they have, the last of two with one key", async () => {
    const { parts, alarms } = world();
    const { sets, failures } = await scrapeAll([source("a", "x", "y"), source("b", "y")], window, parts);
    assert.deepEqual(
      [...sets].map(([key, { labels }]) => `${key} ${labels.from}`),
      ["x a", "y b"],
    );
    assert.equal(failures.size, 0);
    assert.equal(alarms.size, 0);
  });

  test("go on without who fails, and say why", async () => {
    const broken: MetricsSource = { name: "node:b", scrape: () => Promise.reject(new Error("no route")) };
    const { sets, failures, took } = await scrapeAll([broken, source("a", "x")], window, world().parts);
    assert.deepEqual([...sets.keys()], ["x"]);
    assert.deepEqual([...failures], [["node:b", "no route"]]);
    assert.deepEqual([...took.keys()], ["node:b", "a"]);
  });

  test("wait for nobody when the time is up, heeded or not", async () => {
    const { parts, ring } = world();
    const stuck: MetricsSource = { name: "node:b", scrape: () => new Promise(() => {}) };
    const scraping = scrapeAll([stuck, source("a", "x")], window, parts);
    void setImmediate().then(ring);
    const { sets, failures } = await scraping;
    assert.deepEqual([...sets.keys()], ["x"]);
    assert.deepEqual([...failures], [["node:b", "no answer within 20000 ms"]]);
  });

  test("begin spread over 8 ms for each of them, four seconds at most", async () => {
    const few = world();
    await scrapeAll([source("a"), source("b")], window, few.parts);
    assert.deepEqual(few.waits, [8, 8]);
    const many = world();
    await scrapeAll(
      Array.from({ length: 1000 }, (_, at) => source(`${at}`)),
      window,
      many.parts,
    );
    assert.equal(Math.max(...many.waits), 2000);
  });

  test("begin within those four seconds, also where not all can be read at the same time", async () => {
    const { parts } = world();
    const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
    const begun: number[] = [];
    let [now, turn, isOver] = [0, 0, false];
    const scraping = scrapeAll(
      Array.from({ length: 1000 }, (_, at) => ({
        name: `${at}`,
        scrape: async () => {
          begun.push(now);
          return new Map();
        },
      })),
      window,
      {
        clock: { ...parts.clock, now: () => now },
        random: () => (turn++ % 100) / 100,
        wait: (milliseconds) => new Promise((wake) => sleepers.push({ at: now + milliseconds, wake })),
      },
    ).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await setImmediate();
      const next = sleepers.sort((a, b) => a.at - b.at).shift();
      now = Math.max(now, next?.at ?? now);
      next?.wake();
    }
    await scraping;
    assert.equal(begun.length, 1000);
    assert.equal(Math.max(...begun), 3960);
  });
});
