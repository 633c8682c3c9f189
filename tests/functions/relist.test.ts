import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDynamoRegistries } from "../../lib/adapter/registry/dynamodb.ts";
import { serve } from "../unit/http/support/server.ts";
import { accept, openTable, setEnvironment } from "./environment.ts";

await setEnvironment();

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
    const { table, blobs } = openTable();
    const settings = `
clusters: [{name: prod, api_server: "${url.origin}"}]
adapters: [{cluster: prod, host: metrics.example, rules_file: adapter.yml, prometheus: {url: "${url.origin}"}}]
`;
    await accept({ settings, rules });

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
