import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createDynamoRegistries } from "../../lib/adapter/registry/dynamodb.ts";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import { createClient, createTable } from "../../lib/table/dynamodb.ts";
import { startTableServer } from "../contract/table.ts";
import { serve } from "../unit/http/support/server.ts";

const endpoint = await startTableServer("rollcall");
Object.assign(process.env, {
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  WHERE: "local",
  TABLE_NAME: "rollcall",
  BUS_NAME: "rollcall",
  DEAD_LETTER_URL: "http://127.0.0.1:9/dead",
  CONFIG_FILE: "prometheus.yml",
  LOG_LEVEL: "error",
});

const answers: Readonly<Record<string, unknown>> = {
  "/api/v1": { resources: [{ name: "pods", singularName: "pod", kind: "Pod", namespaced: true }] },
  "/apis": { groups: [] },
  "/api/v1/series": { status: "success", data: [{ __name__: "hits_total", pod: "web-1" }] },
};

const rules = `
rules:
- seriesQuery: '{pod!=""}'
  resources: {overrides: {pod: {resource: pod}}}
  name: {matches: "^(.*)_total$", as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
`;

describe("the function that relists", () => {
  test("keeps which metrics a Prometheus has, by the accepted rules, and waits for its interval", async (t) => {
    const { url } = await serve(t, ({ url: path = "" }, response) => {
      const answer = answers[path.split("?")[0] ?? ""];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    });
    const client = createClient({ endpoint });
    after(() => client.destroy());
    const table = createTable("rollcall", { client });
    const blobs = createDynamoBlobs(table);
    await createDynamoAccepted(table, { blobs, clock: Date.now }).accept({
      main: { path: "prometheus.yml", text: "" },
      jobFiles: [],
      settings: {
        path: "rollcall.yml",
        text: `
clusters: [{name: prod, api_server: "${url.origin}"}]
adapters: [{cluster: prod, host: metrics.example, rules_file: adapter.yml, prometheus: {url: "${url.origin}"}}]
`,
      },
      rules: [{ path: "adapter.yml", text: rules }],
      servers: {},
      inCluster: false,
    });

    const { handler } = await import("../../functions/relist.ts");
    const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };
    assert.deepEqual(await handler({ schedule: "relist" }, context), [
      { cluster: "prod", outcome: "relisted" },
    ]);
    const registries = createDynamoRegistries(table, blobs);
    const state = await registries.state("prod");
    assert.ok(state);
    assert.deepEqual((await registries.record(state))?.custom, [
      {
        metric: "hits_per_second",
        rule: 0,
        series: "hits_total",
        group: "",
        resource: "pods",
        namespaced: true,
      },
    ]);
    assert.deepEqual(await handler({ schedule: "relist" }, context), [
      { cluster: "prod", outcome: "waiting" },
    ]);
  });
});
