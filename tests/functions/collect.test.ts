import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import { createPlanReader } from "../../lib/discovery/current.ts";
import { createDynamoCycles } from "../../lib/metrics/cycles/dynamodb.ts";
import { createDynamoStore } from "../../lib/metrics/store/dynamodb.ts";
import { windowAt } from "../../lib/metrics/window.ts";
import { createDynamoPool } from "../../lib/pool/dynamodb.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import { changed } from "../fakes/events.ts";
import { startKubelet } from "../fakes/kubelet.ts";
import { startSmallApiServer } from "../unit/discovery/kubernetes/server.ts";
import { recipe } from "../unit/metrics/kubelet/recipe.ts";
import { accept, openTable, setEnvironment } from "./environment.ts";

await setEnvironment();

/** The kubelet's clock is ours. */
const summary = () =>
  JSON.parse(JSON.stringify(recipe).replaceAll("2026-01-01T01:00:00.123456789Z", new Date().toISOString()));

describe("the function that collects", () => {
  test("brings a kubelet's summary into the model store, once per window, out of the accepted settings", async () => {
    const kubelet = await startKubelet({ answer: summary });
    const address = { type: "InternalIP", address: "127.0.0.1" };
    const lists = {
      "/api/v1/nodes": [{ metadata: { name: "test" }, status: { addresses: [address] } }],
      "/api/v1/pods": [],
      "/api/v1/namespaces": [],
    };
    const api = await startSmallApiServer({ lists });
    after(async () => void (await Promise.all([kubelet.close(), api.close()])));
    const { table, blobs } = openTable();
    const metrics = `metrics: {sources: ["kubernetes.summary_api:?kubeletPort=${kubelet.port}"]}`;
    await accept({ settings: `clusters: [{name: prod, api_server: "${api.url}"}]\n${metrics}` });

    const { handler } = await import("../../functions/collect.ts");
    const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };
    const before = windowAt(Date.now(), 60_000).end;
    assert.deepEqual(await handler({ schedule: "collect" }, context), [
      { cluster: "prod", outcome: "collected" },
    ]);
    const batch = await createDynamoStore(table, Date.now).latest("prod");
    assert.ok((batch?.timestamp ?? 0) >= before);
    assert.equal(batch?.sets.get("node:test")?.values.get("memory/usage")?.value, 4n);
    assert.ok(batch?.sets.has("cluster"));
    // A firing that came twice, unless a minute has passed meanwhile.
    const [again] = await handler({ schedule: "collect" }, context);
    if (windowAt(Date.now(), 60_000).end === batch?.timestamp) assert.equal(again?.outcome, "taken");
    const [record] = await createDynamoCycles(table, blobs).records();
    assert.deepEqual(record?.sinks.metric?.dropped, 0);
  });

  test("takes a cluster's nodes from the pool where that is wanted", async () => {
    const kubelet = await startKubelet({ answer: summary });
    const api = await startSmallApiServer({ lists: { "/api/v1/pods": [], "/api/v1/namespaces": [] } });
    after(async () => void (await Promise.all([kubelet.close(), api.close()])));
    const { table, blobs } = openTable();
    const main = "scrape_configs: [{job_name: nodes, kubernetes_sd_configs: [{role: node}]}]";
    const source = `kubernetes.summary_api:?kubeletPort=${kubelet.port}&nodes=pool`;
    const settings = `clusters: [{name: pooled, api_server: "${api.url}"}]\nmetrics: {sources: ["${source}"]}`;
    await accept({ main, settings });
    const accepted = createDynamoAccepted(table, { blobs, clock: Date.now });
    const [provider] = (await createPlanReader(accepted)())?.providers ?? [];
    assert.equal(provider?.cluster, "pooled");
    const group = {
      source: "node/test",
      labels: { __meta_kubernetes_node_name: "test" },
      targets: [{ __address__: "127.0.0.1:10250", __meta_kubernetes_node_address_InternalIP: "127.0.0.1" }],
    };
    const pool = createDynamoPool(table, { blobs, clock: Date.now });
    const event = changed({ source: group.source, provider: provider?.id ?? "" });
    await pool.offer({ ...event, hash: contentHash(group) }, group);
    await pool.bump(provider?.id ?? "");

    const { handler } = await import("../../functions/collect.ts");
    const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };
    assert.deepEqual(await handler({ schedule: "collect" }, context), [
      { cluster: "pooled", outcome: "collected" },
    ]);
    const batch = await createDynamoStore(table, Date.now).latest("pooled");
    assert.equal(batch?.sets.get("node:test")?.values.get("memory/usage")?.value, 4n);
    assert.ok(!api.requests.some((path) => path.startsWith("/api/v1/nodes")));
  });
});
