import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";
import { cycleRecord } from "../../fakes/cycles.ts";
import { madeUpToken } from "../model/world.ts";
import { east, now, planOf, serveWorld } from "./world.ts";

const yaml = "scrape_configs: [{job_name: pods}]";
const metrics = `metrics: {sources: ["kubernetes:"]}\n`;

/** What `/metrics` tells of cluster metrics: the clusters of these names have records, `old` one of the day before yesterday. */
const told = async (settings: string, headers: Record<string, string> = {}) => {
  const main = { path: "prometheus.yml", text: yaml };
  const { configuration } = parseConfiguration({ main, jobFiles: [] });
  const parsed = parseSettings({ path: "rollcall.yml", text: settings }, configuration);
  const records = [
    cycleRecord({ cluster: "east", end: now }),
    cycleRecord({ cluster: "west", end: now }),
    cycleRecord({ cluster: "old", end: now - 2 * 86_400_000 }),
  ];
  const plan = { ...planOf(yaml, [east], []), settings: parsed };
  const parts = { plan: async () => plan, cycles: { records: async () => records } };
  const world = await serveWorld({ yaml, providers: [east], parts });
  const { body } = await world.get("metrics", headers);
  return [...body.matchAll(/^rollcall_metrics_nodes\{cluster="(\w+)"\}/gm)].map(([, cluster]) => cluster);
};

describe("GET /metrics of cluster metrics", () => {
  test("tells of each cluster that is collected, and of none that has not been for a day", async () => {
    assert.deepEqual(await told(metrics), ["east", "west"]);
    assert.deepEqual(await told("{}"), []);
  });

  test("tells a token of its clusters, and only one that may read every job", async () => {
    const one = madeUpToken('jobs: ["*"], clusters: [west]');
    const some = madeUpToken('jobs: [pods], clusters: ["*"]');
    const settings = `${metrics}tokens: [${one.written}, ${some.written}]`;
    assert.deepEqual(await told(settings, one.header), ["west"]);
    assert.deepEqual(await told(settings, some.header), []);
  });
});
