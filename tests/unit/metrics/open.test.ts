import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import type { KubeletSettings, SourceSettings } from "../../../lib/config/metrics/settings.ts";
import { Secret } from "../../../lib/config/secret.ts";
import type { NodesInPool } from "../../../lib/metrics/cluster/poolnodes.ts";
import { createOpenCluster } from "../../../lib/metrics/open.ts";
import { startKubelet } from "../../fakes/kubelet.ts";
import {
  answerStatus,
  type SmallApiServerOptions,
  startSmallApiServer,
} from "../discovery/kubernetes/server.ts";
import { recipe } from "./kubelet/recipe.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const nodes = [
  { metadata: { name: "test" }, status: { addresses: [{ type: "InternalIP", address: "127.0.0.1" }] } },
  { metadata: { name: "lost" }, status: { addresses: [] } },
];
const lists = {
  "/api/v1/nodes": nodes,
  "/api/v1/pods": [{ metadata: { name: "web", namespace: "shop" }, spec: { containers: [{ name: "app" }] } }],
  "/api/v1/namespaces": [{ metadata: { name: "shop", uid: "uid-shop" } }],
};

const world = async (
  options: Partial<SmallApiServerOptions> = {},
  nodesInPool: NodesInPool = async () => assert.fail("nobody asks the pool"),
) => {
  const api = await startSmallApiServer({ lists, ...options });
  const kubelet = await startKubelet({ answer: () => recipe });
  open.push(api, kubelet);
  const authorization = { type: "Bearer", credentials: new Secret("made-up-at-run-time") };
  const reach = (
    kubeletSettings: Partial<KubeletSettings> = {},
    nodesFrom: SourceSettings["nodesFrom"] = "list",
  ) =>
    createOpenCluster({ now: () => Date.parse("2026-01-01T01:00:05Z"), nodesInPool })({
      cluster: "prod",
      access: { kind: "api-server", url: api.url, httpClient: { ...defaultHttpClient, authorization } },
      source: {
        kind: "kubernetes.summary_api",
        cluster: { kind: "settings", glob: "*" },
        kubelet: { port: kubelet.port, https: false, insecure: false, proxy: false, ...kubeletSettings },
        nodesFrom,
        hostIdAnnotation: "rack.example/id",
      },
    });
  return { api, kubelet, reach };
};
const window = { start: 0, end: 60_000 };

describe("a cluster within reach", () => {
  test("is listed, and its kubelets are asked with nothing over plain HTTP", async () => {
    const { reach, kubelet, api } = await world();
    await using reached = await reach();
    assert.deepEqual([...reached.look.pods.keys()], ["shop/web"]);
    assert.equal(reached.look.namespaces.get("shop"), "uid-shop");
    assert.deepEqual([...reached.unreachable.keys()], ["lost"]);
    const sets = await reached.sources[0]!.scrape(window, AbortSignal.timeout(5_000));
    assert.equal(sets.size, 18);
    assert.equal(kubelet.requests[0]?.authorization, undefined);
    assert.ok(api.headers.every(({ authorization }) => authorization === "Bearer made-up-at-run-time"));
  });

  test("has its kubelets asked by the API server when that is wanted", async () => {
    const { reach, api, kubelet } = await world({
      override: (request, response) => {
        if (!request.url?.includes("/proxy/")) return false;
        response.setHeader("content-type", "application/json").end(JSON.stringify(recipe));
        return true;
      },
    });
    await using reached = await reach({ proxy: true });
    await reached.sources[0]!.scrape(window, AbortSignal.timeout(5_000));
    assert.equal(api.requests.at(-1), "/api/v1/nodes/test/proxy/stats/summary/");
    assert.deepEqual(kubelet.requests, []);
  });

  test("has the nodes that the pool has, where that is wanted, and is not asked for them", async () => {
    const meta = { namespace: "", uid: "", resourceVersion: "", labels: {}, controller: undefined };
    const node = {
      meta: { ...meta, name: "test", annotations: { rack_example_id: "r-7" } },
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      ready: "True",
      unschedulable: false,
      externalId: "",
      amounts: undefined,
    };
    const asked: string[] = [];
    const { reach, api } = await world({}, async (cluster) => {
      asked.push(cluster);
      return [node];
    });
    await using reached = await reach({}, "pool");
    assert.deepEqual(asked, ["prod"]);
    assert.deepEqual(reached.look.nodes, [node]);
    const sets = await reached.sources[0]!.scrape(window, AbortSignal.timeout(5_000));
    assert.equal(sets.get("node:test")?.labels.host_id, "r-7");
    assert.ok(api.requests.length > 0 && !api.requests.some((path) => path.startsWith("/api/v1/nodes")));
  });

  test("is served without pods or namespaces when those are refused, but not without nodes", async () => {
    const refuse = (path: string) =>
      world({
        override: (request, response) =>
          request.url?.startsWith(path) === true && answerStatus(response, 403, "forbidden"),
      });
    const withoutPods = await refuse("/api/v1/pods");
    await using reached = await withoutPods.reach();
    assert.equal(reached.look.pods.size, 0);
    assert.match(reached.look.problems[0] ?? "", /\/api\/v1\/pods: 403 Forbidden: forbidden/);
    assert.equal(reached.sources.length, 1);
    const withoutNodes = await refuse("/api/v1/nodes");
    await assert.rejects(withoutNodes.reach(), /\/api\/v1\/nodes: 403 Forbidden: forbidden/);
  });
});
