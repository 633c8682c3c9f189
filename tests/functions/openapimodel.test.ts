import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { modelOperations } from "../../docs/openapi/model.ts";
import type { Operation } from "../../docs/openapi/operation.ts";
import type { HistoricalSource } from "../../lib/model/historical/influxdb.ts";
import { questionOf } from "../../lib/model/question.ts";
import { cycleRecord } from "../fakes/cycles.ts";
import { start } from "../unit/metrics/batches.ts";
import { smallBatch } from "../unit/model/cluster.ts";
import { clusters, madeUpToken, usual, world } from "../unit/model/world.ts";
import { createDescribed } from "./described.ts";
import type { Asked } from "./door.ts";

const { hold, unseen } = createDescribed(modelOperations);

const past: HistoricalSource = {
  list: async () => ["a"],
  names: async () => ["a"],
  values: async ({ entities }) => entities.map(() => [{ time: 1n, value: -1n }]),
  aggregates: async ({ entities, aggregations }) =>
    entities.map(() => [{ time: 1n, values: new Map(aggregations.map((name) => [name, 7n])) }]),
};
const away = async () => assert.fail("no answer");
const broken: HistoricalSource = { list: away, names: away, values: away, aggregates: away };
const records = ["prod-eu", "lab"].map((cluster) => cycleRecord({ cluster, end: start }));

const usualWorld = { batches: [smallBatch(1)], records, historical: past };

const named: Readonly<Record<string, string>> = {
  node: "n1",
  namespace: "shop",
  pod: "web",
  pods: "web,idle",
  container: "app",
  uid: "u1",
  uids: "u1,u2",
  metric: "memory/usage",
  aggregations: "average,count,50-perc",
};
const pathOf = ({ path }: Operation) => path.replaceAll(/\{(\w+)\}/g, (_, name) => named[name] ?? "");
const isPast = ({ path }: Operation) => path.startsWith("/api/v1/historical");
const values: Readonly<Record<string, string>> = {
  cluster: "prod-eu",
  start: "2025-12-31T00:00:00Z",
  end: "2027-01-01T00:00:00Z",
  labels: "resource_id:/",
  bucket: "5m",
  labelSelector: "app=web",
  verbose: "",
};
/** With every parameter that it has. */
const fullOf = (operation: Operation) => {
  const own = operation.parameters.filter((one) => one.in === "query");
  return `${pathOf(operation)}?${own.map(({ name }) => `${name}=${encodeURIComponent(values[name] ?? "")}`).join("&")}`;
};

type Ask = Awaited<ReturnType<typeof world>>;

const check = async (ask: Ask, expected: number, target: string, asked: Asked = {}) => {
  const { status, headers, body } = await ask(target.slice(0), { ...asked, headers: { ...asked.headers } });
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  hold(target, asked, { status, headers: Object.fromEntries(lower), body });
  assert.equal(status, expected, `${target}: ${body.slice(0, 300)}`);
};

const guarded = modelOperations.filter(({ isOpen }) => isOpen !== true);

describe("what Heapster's API answers is what the document says", () => {
  test("to plain questions, with every parameter and without any", async () => {
    const ask = await world(usualWorld);
    for (const operation of modelOperations) {
      await check(ask, 200, fullOf(operation));
      if (!isPast(operation)) await check(ask, 200, pathOf(operation));
    }
    const alone = await world();
    for (const operation of modelOperations.filter(({ isOpen }) => isOpen))
      await check(alone, 500, pathOf(operation));
    await check(alone, 200, "/api/v1/metric-export");
    await check(alone, 200, "/apis/metrics.k8s.io/v1alpha1/pods");
  });

  test("to bad questions, and for clusters that are not there", async () => {
    const ask = await world(usualWorld);
    for (const operation of guarded) {
      await check(ask, 404, `${pathOf(operation)}?cluster=none`);
      await check(ask, 406, pathOf(operation), { headers: { Accept: "text/xml" } });
      if (!(400 in operation.answers)) continue;
      const isSelected = operation.parameters.some(({ name }) => name === "labelSelector");
      await check(ask, 400, `${pathOf(operation)}?${isSelected ? "labelSelector=in%20in" : "start=x"}`);
    }
  });

  test("to whom it does not let in", async () => {
    const open = await world(usualWorld);
    const { written } = madeUpToken('jobs: ["*"], clusters: ["*"]');
    const closed = await world({ ...usualWorld, settings: `${clusters}${usual}tokens: [${written}]` });
    for (const operation of guarded) {
      await check(open, 403, pathOf(operation), { headers: { Host: "evil.example" } });
      await check(closed, 401, pathOf(operation));
    }
  });

  test("while the historical source is away", async () => {
    const ask = await world({ ...usualWorld, historical: broken });
    for (const operation of guarded.filter(isPast))
      await check(ask, 500 in operation.answers ? 500 : 200, fullOf(operation));
  });

  after(() => assert.deepEqual(unseen(), [], "in the document, but never seen"));
});

describe("the document has every path that Heapster's API knows", () => {
  const words = ["nodes", "namespaces", "pods", "containers", "freecontainers", "pod-list", "pod-id"];
  const all = [...words, "pod-id-list", "metrics", "metrics-aggregated", "debug"];
  /** Every path of up to nine parts whose odd ones are words, but for the last. */
  const paths = (length: number): string[][] =>
    length === 0
      ? [[]]
      : paths(length - 1).flatMap((path) =>
          length % 2 === 1 && length < 9 ? all.map((word) => [...path, word]) : [[...path, "allkeys"]],
        );

  for (const [root, isHistorical] of [
    ["/api/v1/model", false],
    ["/api/v1/historical", true],
  ] as const)
    test(`below ${root}, and no other`, () => {
      const told = modelOperations.filter(({ path }) => path.startsWith(`${root}/`));
      const forms = told.map(
        ({ path }) => new RegExp(`^${path.replace("{metric}", ".+").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      );
      const hit = new Set<RegExp>();
      for (const path of [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(paths)) {
        const known = questionOf(path, { historical: isHistorical }) !== undefined;
        const fitting = forms.filter((form) => form.test([root, ...path].join("/")));
        assert.equal(fitting.length > 0, known, `${root}/${path.join("/")}`);
        for (const form of fitting) hit.add(form);
      }
      assert.equal(hit.size, told.length);
    });
});
