import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NotListed } from "../../../../lib/adapter/objects/objects.ts";
import { node, pod, world } from "../world.ts";

const root = "/apis/metrics.k8s.io/v1beta1";
const at = 1_767_225_500;
const window = 300_000;
const usage = { cpu: 0.25, memory: 3_145_728 };
const measuredPod = (name: string, namespace: string) => ({
  namespace,
  name,
  at,
  window,
  containers: [
    { name: "app", ...usage },
    { name: "side", cpu: 0.0009, memory: 0 },
  ],
});
const objects = {
  "/pods": [pod("web"), pod("api"), pod("gone"), pod("web", "a-team")],
  "shop/pods": [pod("web"), pod("api"), pod("gone")],
  "none/pods": [],
  "/nodes": [node("n2"), node("n1"), node("n3")],
};
const pods = [measuredPod("web", "shop"), measuredPod("api", "shop"), measuredPod("web", "a-team")];
const nodes = ["n1", "n2"].map((name) => ({ name, at, window, usage }));
const names = (body: { items: { metadata: { name: string } }[] }) =>
  body.items.map(({ metadata }) => metadata.name);

describe("resource metrics (B8, B9)", () => {
  test("of pods: containers, labels, the sample's time, the window", async () => {
    const { get, asked } = world({ pods, objects });
    const { status, body } = await get(`${root}/namespaces/shop/pods?labelSelector=app%3Dweb`);
    assert.equal(status, 200);
    assert.deepEqual([body.kind, body.apiVersion], ["PodMetricsList", "metrics.k8s.io/v1beta1"]);
    assert.deepEqual(names(body), ["api", "web"]);
    assert.deepEqual(body.items[1], {
      metadata: {
        name: "web",
        namespace: "shop",
        creationTimestamp: "2026-01-01T00:00:00Z",
        labels: { app: "web" },
      },
      timestamp: "2025-12-31T23:58:20Z",
      window: "5m0s",
      containers: [
        { name: "app", usage: { cpu: "250m", memory: "3Mi" } },
        { name: "side", usage: { cpu: "0", memory: "0" } },
      ],
    });
    const { namespace, label, field } = Object(asked[0]);
    assert.deepEqual([namespace, label, field], ["shop", "app=web", "status.phase=Running"]);
  });

  test("of pods everywhere: by namespace, then name; field selectors are handed on", async () => {
    const { get, asked } = world({ pods, objects });
    const { body } = await get(`${root}/pods?fieldSelector=spec.nodeName%3Dn1`);
    assert.deepEqual(
      body.items.map(({ metadata }: { metadata: { namespace: string; name: string } }) => [
        metadata.namespace,
        metadata.name,
      ]),
      [
        ["a-team", "web"],
        ["shop", "api"],
        ["shop", "web"],
      ],
    );
    assert.equal(Object(asked[0]).field, "status.phase=Running,spec.nodeName=n1");
  });

  test("of nodes, by name", async () => {
    const { body } = await world({ nodes, objects }).get(`${root}/nodes`);
    assert.deepEqual(names(body), ["n1", "n2"]);
    assert.deepEqual(body.items[0], {
      metadata: { name: "n1", creationTimestamp: "2026-01-01T00:00:00Z" },
      timestamp: "2025-12-31T23:58:20Z",
      window: "5m0s",
      usage: { cpu: "250m", memory: "3Mi" },
    });
  });

  test("of one pod or node, which is asked for by its name only", async () => {
    const { get, asked } = world({
      pods,
      nodes,
      objects: { "shop/pods": [pod("web")], "/nodes": [node("n1")] },
    });
    const one = await get(`${root}/namespaces/shop/pods/web`);
    assert.deepEqual([one.body.kind, one.body.metadata.name], ["PodMetrics", "web"]);
    assert.equal(Object(asked[0]).field, "status.phase=Running,metadata.name=web");
    assert.equal((await get(`${root}/nodes/n1`)).body.kind, "NodeMetrics");
    await get(`${root}/nodes/a%2Cb%3Dc`);
    assert.equal(Object(asked[2]).field, "metadata.name=a\\,b\\=c");
    const selectors = "labelSelector=app%3Dother&fieldSelector=spec.nodeName%3Dn9";
    for (const path of ["namespaces/shop/pods/web", "nodes/n1"])
      assert.equal((await get(`${root}/${path}?${selectors}`)).status, 200);
    const [ofPod, ofNode] = asked.slice(3).map((one) => [Object(one).label, Object(one).field]);
    assert.deepEqual(ofPod, ["", "status.phase=Running,metadata.name=web"]);
    assert.deepEqual(ofNode, ["", "metadata.name=n1"]);
  });

  test("lists without anything have an empty list, not null", async () => {
    const { status, body } = await world({ objects }).get(`${root}/namespaces/none/pods`);
    assert.deepEqual([status, body.items], [200, []]);
  });

  const missing: [string, string][] = [
    ["namespaces/none/pods/x", 'pods "x" not found'],
    ["namespaces/shop/pods/gone", 'podmetrics.metrics.k8s.io "shop/gone" not found'],
    ["nodes/x", 'node "x" not found'],
    ["nodes/n3", 'nodemetrics.metrics.k8s.io "n3" not found'],
  ];
  for (const [path, message] of missing)
    test(`without: ${message}`, async () => {
      const [found] = path.endsWith("gone") ? [[pod("gone")]] : [[]];
      const nodesThere = path.endsWith("n3") ? [node("n3")] : [];
      const { get } = world({ objects: { "none/pods": [], "shop/pods": found, "/nodes": nodesThere } });
      const { status, body } = await get(`${root}/${path}`);
      assert.deepEqual([status, body.message, body.reason], [404, message, "NotFound"]);
    });

  test("of a list that is refused: 500, or 400 for a selector that the server does not take", async () => {
    assert.equal((await world().get(`${root}/nodes`)).status, 500);
    const refused = new NotListed("x", { badSelector: "field label not supported: x" });
    assert.equal((await world({ objects: { "/nodes": refused } }).get(`${root}/nodes`)).status, 400);
    assert.equal((await world({ objects }).get(`${root}/nodes?labelSelector=%3D`)).status, 400);
  });
});

describe("a table of resource metrics (B9)", () => {
  const accept = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

  test("has a pod's sum, and what kubectl needs of the object", async () => {
    const { body } = await world({ pods, objects }).get(`${root}/namespaces/shop/pods`, { headers: accept });
    assert.deepEqual(
      body.columnDefinitions.map(({ name, format }: { name: string; format: string }) => [name, format]),
      [
        ["Name", "name"],
        ["cpu", "quantity"],
        ["memory", "quantity"],
        ["Window", "duration"],
      ],
    );
    assert.deepEqual(body.rows[1].cells, ["web", "250m", "3Mi", "5m0s"]);
    assert.deepEqual(
      [body.rows[1].object.kind, body.rows[1].object.metadata.name],
      ["PartialObjectMetadata", "web"],
    );
    assert.deepEqual([body.kind, body.apiVersion], ["Table", "meta.k8s.io/v1"]);
  });

  test("has no columns without rows, and is not made for who would rather have JSON", async () => {
    const { get } = world({ objects });
    const { body } = await get(`${root}/namespaces/none/pods`, { headers: accept });
    assert.deepEqual([body.columnDefinitions, body.rows], [[], []]);
    const other = { accept: "application/json, application/json;as=Table;v=v1;g=meta.k8s.io" };
    assert.equal((await get(`${root}/namespaces/none/pods`, { headers: other })).body.kind, "PodMetricsList");
  });

  test("leaves the object out, or has it whole, as it is asked to", async () => {
    const { get } = world({ pods, objects });
    const path = `${root}/namespaces/shop/pods`;
    assert.equal((await get(`${path}?includeObject=None`, { headers: accept })).body.rows[0].object, null);
    const whole = await get(`${path}?includeObject=Object`, { headers: accept });
    assert.equal(whole.body.rows[0].object.window, "5m0s");
  });
});
