import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import type { MetricSet } from "../../../../lib/metrics/batch.ts";
import { decodeContainers } from "../../../../lib/metrics/kubelet/cadvisor.ts";
import { parseLossless } from "../../../../lib/metrics/kubelet/json.ts";
import { decodeSummary } from "../../../../lib/metrics/kubelet/summary.ts";
import { ownCertificate } from "../../../../local/demo/kubelet/certificate.ts";
import { type Kubelets, startKubelets } from "../../../../local/demo/kubelet/kubelets.ts";
import type { Tls } from "../../../../local/demo/listener.ts";
import { createStore } from "../../../../local/demo/store.ts";
import { createWorkload, type Workload } from "../../../../local/demo/workload.ts";

const token = "made up";

describe("the demo's kubelets", () => {
  let folder: string;
  let tls: Tls;
  let now = Date.UTC(2026, 0, 1);
  const clock = () => now;
  let workload: Workload;
  let kubelets: Kubelets;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-kubelets-"));
    workload = createWorkload(createStore({ historyLimit: 100, clock }), { random: seeded(3), clock });
    const { cluster } = workload;
    tls = await ownCertificate(
      folder,
      cluster.nodes.map(({ address }) => address),
    );
    const started = await startKubelets({ cluster, port: 0, tls, token });
    kubelets = started ?? assert.fail("this machine has no whole loopback network");
  });
  after(async () => {
    await kubelets?.close();
    await rm(folder, { recursive: true });
  });

  const node = {
    name: "node-1",
    hostname: "node-1",
    hostId: "",
    address: "127.20.0.1",
    unschedulable: false,
  };
  const ask = (path: string, options: { method?: string; as?: string; host?: string } = {}) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { method = "GET", as = token, host = node.address } = options;
      const headers = { authorization: `Bearer ${as}` };
      request({ host, port: kubelets.port, path, method, headers, ca: tls.cert }, async (response) =>
        resolve({ status: response.statusCode ?? 0, body: await text(response) }),
      )
        .on("error", reject)
        .end();
    });
  const decoded = { node, now: BigInt(now) * 1_000_000n };
  const summary = async () => decodeSummary(parseLossless((await ask("/stats/summary/")).body), decoded);
  const containers = async () =>
    decodeContainers(parseLossless((await ask("/stats/container/", { method: "POST" })).body), decoded);

  test("are trusted by their certificate, and each answers on its node's own address", async () => {
    for (const { address } of workload.cluster.nodes)
      assert.deepEqual(await ask("/healthz", { host: address }), { status: 200, body: "ok" });
    assert.equal((await stat(join(folder, "demo-kubelets.key"))).mode & 0o777, 0o600);
    assert.deepEqual((await ownCertificate(folder, [])).cert, tls.cert, "another start has the same");
  });

  test("want the token, and know what they are asked", async () => {
    assert.equal((await ask("/stats/summary", { as: "guessed" })).status, 401);
    assert.equal((await ask("/stats/summary", { method: "POST" })).status, 405);
    assert.equal((await ask("/pods")).status, 404);
  });

  test("tell of the node, its own programs, and every pod and container that runs there", async () => {
    const sets = await summary();
    const here = [...workload.cluster.pods].filter((pod) => pod.node?.name === "node-1");
    assert.ok(here.length > 3);
    assert.deepEqual(
      [...sets.values()].map(({ labels }) => labels.type).filter((type) => type === "pod").length,
      here.length,
    );
    assert.ok(sets.has("node:node-1") && sets.has("node:node-1/container:kubelet"));
    const keys = (from: Map<string, MetricSet>) =>
      [...from.keys()].filter((key) => !key.startsWith("node:")).sort();
    assert.deepEqual(keys(await containers()), keys(sets), "cAdvisor's answer has the same");
  });

  test("have counters that only grow, and agree whichever way they are asked", async () => {
    let before = await summary();
    for (let step = 0; step < 60; step += 1) {
      now += 10_000;
      const sets = await summary();
      for (const [key, set] of sets)
        for (const counter of ["cpu/usage", "network/rx", "network/tx", "memory/page_faults"]) {
          const [was = 0n, is = 0n] = [before, sets].map((one) => one.get(key)?.values.get(counter)?.value);
          assert.ok(is >= was, `${key} ${counter}: ${was} then ${is}`);
          if (counter === "cpu/usage" && set.values.has(counter)) assert.ok(is > was, `${key} stands still`);
        }
      before = sets;
    }
    const other = await containers();
    for (const key of other.keys())
      if (other.get(key)?.labels.type === "pod_container")
        for (const metric of ["cpu/usage", "memory/usage", "memory/working_set"])
          assert.deepEqual(other.get(key)?.values.get(metric), before.get(key)?.values.get(metric), key);
  });

  test("begin anew for a container that was restarted, and for that one alone", async () => {
    const pod = [...workload.cluster.pods].find(
      (one) => one.node?.name === "node-1" && one.owner.kind === "app",
    );
    assert.ok(pod?.owner.kind === "app");
    const name = pod.owner.app.plan.containers.find(({ init }) => init !== true)?.name ?? "";
    const key = `namespace:${pod.owner.app.plan.namespace}/pod:${pod.name}/container:${name}`;
    const usage = (sets: Map<string, MetricSet>, of: string) =>
      Number(sets.get(of)?.values.get("cpu/usage")?.value);
    const before = await summary();
    pod.restarted.set(name, { restarts: 1, startedAt: now });
    now += 5_000;
    const sets = await summary();
    assert.ok(usage(sets, key) < usage(before, key));
    assert.equal(sets.get(key)?.collectionStart, BigInt(now - 5_000) * 1_000_000n);
    assert.ok(usage(sets, "node:node-1") > usage(before, "node:node-1"));
  });

  test("say nothing while their node does not answer", async () => {
    const [, second] = workload.cluster.nodes;
    assert.ok(second);
    second.stage = "unreachable";
    await assert.rejects(ask("/healthz", { host: second.address }));
    second.stage = "ready";
    assert.equal((await ask("/healthz", { host: second.address })).status, 200);
  });
});

/** A small generator of numbers in [0, 1) that are the same for the same seed. */
const seeded = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
