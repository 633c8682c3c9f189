import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { batchOf, start } from "../metrics/batches.ts";
import { smallBatch } from "./cluster.ts";
import { clusters, madeUpToken, usual, world } from "./world.ts";

const batches = [smallBatch(0), smallBatch(1)];
const [first, second] = [start / 1000 - 60, start / 1000];

type Ask = Awaited<ReturnType<typeof world>>;
const ask = async (query = "", from?: Ask) => {
  const asked = from ?? (await world({ batches }));
  const { status, body } = await asked(`/api/v1/usage${query}`);
  assert.equal(status, 200, body);
  return JSON.parse(body).data;
};
const namesOf = ({ parts }: { parts: { kind: string; items: { name: string }[] }[] }) =>
  parts.map(({ kind, items }) => [kind, ...items.map(({ name }) => name)]);

describe("what a cluster uses", () => {
  test("is told with its series and what it consists of", async () => {
    const data = await ask();
    assert.deepEqual(
      [data.state, data.cluster, data.clusters, data.resolution, data.at],
      ["ready", "prod-eu", ["prod-eu", "lab"], 60, "2026-01-01T00:00:00.000Z"],
    );
    assert.deepEqual(data.series, {
      "cpu/usage_rate": [
        [first, 100],
        [second, 101],
      ],
      "memory/usage": [
        [first, 1000],
        [second, 1001],
      ],
    });
    assert.deepEqual(namesOf(data), [
      ["namespace", "shop"],
      ["node", "n1"],
    ]);
    assert.deepEqual(data.parts[0].items[0].values, { "memory/usage": 500, "cpu/usage_rate": 50 });
  });

  test("is told of a namespace, a node, a pod and a container by the same route", async () => {
    assert.deepEqual(namesOf(await ask("?namespace=shop&sort=name")), [["pod", "idle", "web"]]);
    const node = await ask("?node=n1");
    assert.deepEqual(namesOf(node), [
      ["pod", "idle", "web"],
      ["system", "kubelet"],
    ]);
    assert.deepEqual(node.series["memory/working_set"], [
      [first, 3_145_728],
      [second, 3_145_728],
    ]);
    const pod = await ask("?namespace=shop&pod=web");
    assert.deepEqual(namesOf(pod), [["container", "side", "app"]]);
    assert.deepEqual([pod.node, pod.values.restart_count], ["n1", 3]);
    const container = await ask("?namespace=shop&pod=web&container=app");
    assert.deepEqual([container.parts, container.values["cpu/limit"]], [[], 2000]);
  });

  test("has no parts of others: of another node, namespace or pod of that name", async () => {
    const sets = Object.fromEntries(
      ["a", "b"].flatMap((name) => {
        const labels = { namespace_name: name, pod_name: "web", nodename: `n-${name}` };
        return [
          [`node:n-${name}`, { labels: { type: "node", nodename: `n-${name}` } }],
          [`namespace:${name}`, { labels: { type: "ns", namespace_name: name } }],
          [`namespace:${name}/pod:web`, { labels: { type: "pod", ...labels } }],
          [
            `namespace:${name}/pod:web/container:in-${name}`,
            { labels: { type: "pod_container", ...labels, container_name: `in-${name}` } },
          ],
        ];
      }),
    );
    const from = await world({ batches: [batchOf(sets)] });
    const pods = async (query: string) => (await ask(query, from)).parts[0].items;
    for (const query of ["?node=n-a", "?namespace=a"])
      assert.deepEqual(await pods(query), [{ name: "web", namespace: "a", node: "n-a", values: {} }]);
    assert.deepEqual(namesOf(await ask("?namespace=b&pod=web", from)), [["container", "in-b"]]);
  });

  test("has for a cluster what its nodes can give to pods", async () => {
    const node = (name: string, cpu: string) => ({
      labels: { type: "node", nodename: name },
      values: { "cpu/node_allocatable": cpu, "memory/node_allocatable": "10" },
    });
    const batch = batchOf({ cluster: {}, "node:a": node("a", "1500"), "node:b": node("b", "500") });
    const { values } = await ask("", await world({ batches: [batch] }));
    assert.deepEqual(values, { "cpu/node_allocatable": 2000, "memory/node_allocatable": 20 });
  });

  test("lists the most of what is asked for first, as many as are asked for, and says how many there are", async () => {
    const pod = (name: string, cpu: number, memory: number) => [
      `namespace:shop/pod:${name}`,
      {
        labels: { type: "pod", namespace_name: "shop", pod_name: name },
        values: { "cpu/usage_rate": cpu, "memory/usage": memory },
      },
    ];
    const sets = Object.fromEntries([pod("a", 1, 30), pod("b", 3, 10), pod("c", 2, 20), pod("d", 2, 5)]);
    const from = await world({ batches: [batchOf({ "namespace:shop": {}, ...sets })] });
    assert.deepEqual(namesOf(await ask("?namespace=shop", from)), [["pod", "b", "c", "d", "a"]]);
    const cut = await ask("?namespace=shop&sort=memory&limit=2", from);
    assert.deepEqual([namesOf(cut), cut.parts[0].total], [[["pod", "a", "c"]], 4]);
  });

  test("is not sent again to who has it", async () => {
    const from = await world({ batches });
    const { headers } = await from("/api/v1/usage?node=n1");
    const again = await from("/api/v1/usage?node=n1", { headers: { "If-None-Match": headers.ETag ?? "" } });
    assert.deepEqual([again.status, again.body], [304, ""]);
    const newer = await world({ batches: [...batches, smallBatch(2)], later: 90_000 });
    const fresh = await newer("/api/v1/usage?node=n1", { headers: { "If-None-Match": headers.ETag ?? "" } });
    assert.equal(fresh.status, 200);
  });

  test("is nothing, with the reason, where nothing is collected or kept", async () => {
    const state = async (settings: string) => (await ask("", await world({ settings }))).state;
    assert.equal(await state(clusters), "off");
    assert.equal(
      await state(`${clusters}metrics: {sources: ["kubernetes:"], sinks: [log], disable_metric_sink: true}`),
      "not kept",
    );
    assert.equal(await state(clusters + usual), "waiting");
    assert.equal(await state(`${clusters}metrics: {sources: ["kubernetes:?cluster=mars-*"]}`), "no cluster");
  });

  const mistakes: readonly (readonly [string, number, RegExp])[] = [
    ["?cluster=mars", 404, /no metrics of a cluster \\"mars\\"; there are: prod-eu, lab/],
    ["?namespace=none", 404, /namespace none is not in the newest metrics of prod-eu/],
    ["?namespace=shop&pod=none", 404, /pod shop\/none is not/],
    ["?namespace=shop&pod=web&container=none", 404, /container none of pod shop\/web is not/],
    ["?node=none", 404, /node none is not/],
    ["?pod=web", 400, /a pod needs its namespace/],
    ["?namespace=shop&container=app", 400, /a pod needs its namespace/],
    ["?node=n1&namespace=shop", 400, /a node stands alone/],
    ["?sort=size", 400, /sort must be one of cpu, memory/],
    ["?limit=1001", 400, /from 1 to 1000/],
    ["?limit=0", 400, /from 1 to 1000/],
    ["?node=n1&node=n2", 400, /given twice/],
    ["?nodes=n1", 400, /the parameter nodes is not known/],
  ];
  for (const [query, expected, message] of mistakes)
    test(`is refused for ${query}, in the envelope of our own routes`, async () => {
      const { status, type, body } = await (await world({ batches }))(`/api/v1/usage${query}`);
      assert.deepEqual([status, type], [expected, "application/json"]);
      assert.match(body, message);
    });

  test("is told to a token for its clusters alone, and only if it sees every job", async () => {
    const lab = madeUpToken(`jobs: ["*"], clusters: [lab]`);
    const job = madeUpToken(`jobs: [pods], clusters: ["*"]`);
    const settings = `${clusters}${usual}tokens: [${lab.written}, ${job.written}]\n`;
    const from = await world({ settings, batches: [...batches, { ...smallBatch(1), cluster: "lab" }] });
    const as = async (headers: Record<string, string>, query = "") => {
      const { status, body } = await from(`/api/v1/usage${query}`, { headers });
      return { status, body, data: status === 200 ? JSON.parse(body).data : undefined };
    };
    assert.deepEqual((await as(lab.header)).data.clusters, ["lab"]);
    const other = await as(lab.header, "?cluster=prod-eu");
    assert.equal(other.status, 404);
    assert.match(other.body, /there are: lab"/);
    const narrow = await as(job.header, "?node=n1");
    assert.deepEqual([narrow.data.state, narrow.data.clusters], ["no cluster", []]);
    assert.equal((await as({})).status, 401);
    assert.equal((await as({ authorization: "Bearer guessed" })).status, 401);
  });
});
