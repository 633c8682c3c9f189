import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { repository } from "../process.ts";
import { runPrometheus } from "../prometheus.ts";

export const rulesFile = join(repository, "docs/prometheus/alerts.yml");

/** A real Prometheus that reads our own `/metrics` on loopback each second, with the alert rules without their patience. */
export const startWatcher = async (port: number) => {
  const rules = readFileSync(rulesFile, "utf8").replaceAll(/^( +)for: \w+$/gm, "$1for: 0s");
  assert.match(rules, /for: 0s/);
  const configuration = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["alerts.yml"],
    scrape_configs: [{ job_name: "rollcall", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
  };
  const { url, stop } = await runPrometheus(configuration, { "alerts.yml": rules });
  const ask = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> => {
    const response = await fetch(`${url}/api/v1/${path}`, { signal: AbortSignal.timeout(10_000) });
    const body: unknown = await response.json();
    assert.equal(response.status, 200, `${path}: ${JSON.stringify(body)}`);
    return schema.parse(body);
  };
  return {
    stop,
    /** The values that an expression has now, with their labels. */
    query: async (expression: string) => {
      const answer = await ask(`query?query=${encodeURIComponent(expression)}`, queryAnswer);
      return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    /** Every alert that fires, by name. */
    firing: async () => {
      const { alerts } = (await ask("alerts", alertsAnswer)).data;
      return new Map(
        alerts.filter(({ state }) => state === "firing").map((one) => [one.labels.alertname, one]),
      );
    },
    rules: async () => (await ask("rules", rulesAnswer)).data.groups.flatMap((group) => group.rules),
  };
};

const labels = z.record(z.string(), z.string());
const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })) }),
});
const alertsAnswer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: labels.and(z.object({ alertname: z.string() })),
        state: z.string(),
        annotations: labels,
      }),
    ),
  }),
});
const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })),
      }),
    ),
  }),
});
