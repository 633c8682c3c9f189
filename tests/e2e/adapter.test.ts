import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { issueFor } from "../unit/adapter/identity/certificates.ts";
import { createAuthority } from "../unit/http/support/certificates.ts";
import { askDirectly } from "./adapter/direct.ts";
import { startModelAdapter } from "./adapter/modelstore.ts";
import { type App, apps, autoscalers } from "./adapter/workloads.ts";
import { startWorld, type World } from "./adapter/world.ts";
import { eventually } from "./eventually.ts";
import { repository, runProgram } from "./process.ts";

let world: World;

before(async () => {
  world = await startWorld();
});
after(() => world?.stop());

const raw = async (path: string) => JSON.parse(await world.kubectl("get", "--raw", path));

/** What `rollcall adapter manifests` writes for an endpoint, applied. */
const register = async (port: number) => {
  const authority = join(world.folder, "authority.pem");
  writeFileSync(authority, world.authority);
  const words = ["--endpoint", `localhost:${port}`, "--group", "readers", "--ca-file", authority];
  const bin = join(repository, "cli/rollcall.ts");
  const text = await runProgram(process.execPath, [bin, "adapter", "manifests", ...words]);
  const file = join(world.folder, "manifests.yml");
  writeFileSync(file, text);
  await world.kubectl("apply", "-f", file);
};

/** An API server that finds nobody there looks again after half a minute. */
const listening = (port: number) =>
  eventually("the adapter listens", 60, async () => {
    assert.equal(world.rollcall.exit(), undefined, world.rollcall.output());
    assert.equal((await askDirectly({ ...world, port }, "/healthz")).status, 200);
  });

const available = (name: string) =>
  eventually(`${name} is available`, 30, async () => {
    const { status } = JSON.parse(await world.kubectl("get", "apiservice", name, "-o", "json"));
    const found = status?.conditions?.find(({ type }: { type: string }) => type === "Available");
    assert.equal(found?.status, "True", JSON.stringify(status));
  });

const replicas = async (app: App): Promise<number> =>
  Object(await world.cluster.ask("GET", `/apis/apps/v1/namespaces/shop/deployments/${app}`)).spec.replicas;

const scaledTo = (expected: number, seconds: number) =>
  Promise.all(
    apps.map((app) =>
      eventually(`${app} has ${expected} replicas`, seconds, async () => {
        const path = `/apis/autoscaling/v2beta2/namespaces/shop/horizontalpodautoscalers/${app}`;
        const { status } = Object(await world.cluster.ask("GET", path));
        assert.equal(await replicas(app), expected, JSON.stringify(status));
      }),
    ),
  );

describe("the metrics APIs, behind a real API server's aggregator and over a real Prometheus", () => {
  test("are registered by the manifests, and become available over verified TLS", async () => {
    await listening(world.port);
    await register(world.port);
    for (const name of ["v1beta1.custom", "v1beta2.custom", "v1beta1.external", "v1beta1"])
      await available(`${name}.metrics.k8s.io`);
    await eventually("the series are known", 30, async () => {
      const { resources } = await raw("/apis/custom.metrics.k8s.io/v1beta1");
      assert.deepEqual(
        resources.map(({ name }: { name: string }) => name),
        ["namespaces/http_requests_inflight", "pods/http_requests_inflight"],
      );
    });
    assert.match(await world.kubectl("api-versions"), /^custom\.metrics\.k8s\.io\/v1beta2$/m);
  });

  test("have their OpenAPI document taken into the cluster's own", async () => {
    await eventually("the definitions are there", 40, async () => {
      const { definitions, paths } = Object(await world.cluster.ask("GET", "/openapi/v2"));
      for (const group of ["custom.metrics.k8s.io/v1beta2", "external.metrics.k8s.io/v1beta1"])
        assert.ok(
          Object.keys(paths).some((path) => path.startsWith(`/apis/${group}/namespaces/`)),
          group,
        );
      assert.ok("io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics" in definitions);
    });
  });

  test("answer kubectl get --raw with custom, external and resource metrics", async () => {
    Object.assign(world.exporter.load, { inflight: 3, queue: 7 });
    const custom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods";
    await eventually("the values are the exporter's", 15, async () => {
      const all = await raw(`${custom}/*/http_requests_inflight?labelSelector=app%3Dcustom`);
      assert.deepEqual([all.items.length, all.items[0].value], [1, "3"]);
      const [{ describedObject }] = all.items;
      const one = await raw(`${custom}/${describedObject.name}/http_requests_inflight`);
      assert.deepEqual(one.items[0].describedObject, describedObject);
      const external = "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue_depth";
      const { items } = await raw(`${external}?labelSelector=queue%3Dorders`);
      assert.deepEqual(
        items.map(({ metricLabels, value }: { metricLabels: object; value: string }) => [
          metricLabels,
          value,
        ]),
        [[{ queue: "orders" }, "7"]],
      );
    });
    await assert.rejects(raw(`${custom}/nobody/http_requests_inflight`), /NotFound/);
  });

  test("answer kubectl top", async () => {
    await eventually("usage is shown", 25, async () => {
      assert.match(await world.kubectl("top", "pods", "-n", "shop"), /^cpu-\S+\s+\d+m\s+64Mi\s*$/m);
      assert.match(await world.kubectl("top", "nodes"), /^n1\s+1[45]\d\dm\s+\d+%\s+2048Mi\s+25%\s*$/m);
    });
    const table = await world.kubectl("get", "pods.metrics.k8s.io", "-n", "shop");
    assert.match(table, /^NAME\s+CPU\s+MEMORY\s+WINDOW\s*$/m);
  });

  test("scale real workloads up and down by an HPA each on a custom, an external and a resource metric", async () => {
    Object.assign(world.exporter.load, { inflight: 1, queue: 1, cores: 0.02 });
    await world.cluster.create(autoscalers);
    Object.assign(world.exporter.load, { inflight: 40, queue: 40, cores: 0.4 });
    await scaledTo(3, 45);
    Object.assign(world.exporter.load, { inflight: 1, queue: 1, cores: 0.02 });
    await scaledTo(1, 45);
  });
});

describe("an adapter that is asked directly", () => {
  const path = "/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/http_requests_inflight";
  const claims = { "X-Remote-User": "admin", "X-Remote-Group": "system:masters" };

  test("believes what X-Remote-User says with the front proxy's certificate, and asks the cluster who may", async () => {
    const { aggregator } = world.cluster;
    const asAdmin = await askDirectly(world, path, { client: aggregator, headers: claims });
    assert.equal(asAdmin.status, 200);
    const headers = { "X-Remote-User": "jane", "X-Remote-Group": "team" };
    const denied = await askDirectly(world, path, { client: aggregator, headers });
    assert.equal(denied.status, 403);
    assert.match(denied.body, /User \\"jane\\" cannot get resource \\"pods\/http_requests_inflight\\"/);
  });

  test("believes nobody else", async () => {
    const stranger = issueFor(createAuthority("front-proxy-ca"), {
      subject: "/CN=front-proxy-client",
      usage: "clientAuth",
    });
    assert.equal((await askDirectly(world, path, { client: stranger, headers: claims })).status, 401);
    const bare = await askDirectly(world, path, { headers: claims });
    assert.equal(bare.status, 403);
    assert.match(bare.body, /system:anonymous/);
    const leaf = { "X-Amzn-Mtls-Clientcert-Leaf": encodeURIComponent(world.cluster.aggregator.cert) };
    assert.equal((await askDirectly(world, path, { headers: { ...claims, ...leaf } })).status, 403);
    assert.equal(
      (await askDirectly(world, path, { headers: { Authorization: "Bearer nobody" } })).status,
      401,
    );
    const other = await askDirectly(world, path, { headers: { Host: "elsewhere.example" } });
    assert.equal(other.status, 421);
  });

  test("takes a token that the cluster knows, with that user's rights", async () => {
    const headers = { Authorization: `Bearer ${world.cluster.readerToken}` };
    const denied = await askDirectly(world, path, { headers });
    assert.equal(denied.status, 403);
    assert.match(denied.body, /User \\"reader\\"/);
    assert.equal((await askDirectly(world, "/healthz")).body, "ok");
  });
});

describe("resource metrics without any Prometheus, out of the model store", () => {
  test("answer kubectl top", async () => {
    const pods = world.exporter.pods.map(({ name }) => name);
    const model = await startModelAdapter(world, pods);
    try {
      assert.deepEqual(model.outcome, [{ cluster: "lab", outcome: "collected" }]);
      await register(model.port);
      await available("v1beta1.metrics.k8s.io");
      await eventually("usage is the kubelet's", 20, async () => {
        assert.match(await world.kubectl("top", "pods", "-n", "shop"), /^cpu-\S+\s+250m\s+32Mi\s*$/m);
        assert.match(await world.kubectl("top", "nodes"), /^n1\s+2000m\s+50%\s+1024Mi\s+12%\s*$/m);
      });
    } finally {
      await model.stop();
    }
  });
});
