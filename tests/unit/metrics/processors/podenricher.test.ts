import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MetricsPod } from "../../../../lib/metrics/cluster/pod.ts";
import { createLabelCopier } from "../../../../lib/metrics/processors/labelcopier.ts";
import { createPodEnricher } from "../../../../lib/metrics/processors/podenricher.ts";
import { nanoseconds } from "../../../../lib/metrics/time.ts";
import { batchOf, containerOf, podOf, start, valuesOf } from "../batches.ts";

const copyLabels = createLabelCopier({ separator: ",", ignored: [], stored: new Map() });
const enrich = (pods: readonly MetricsPod[], batch: ReturnType<typeof batchOf>) => {
  const byName = new Map(pods.map((pod) => [`${pod.meta.namespace}/${pod.meta.name}`, pod]));
  createPodEnricher({ pods: byName, copyLabels }).process(batch);
  return batch;
};

const where = {
  namespace_name: "shop",
  pod_name: "web",
  nodename: "node-1",
  hostname: "host-1",
  host_id: "i-1",
};
const podKey = "namespace:shop/pod:web";
const containerKey = `${podKey}/container:app`;
const none = {
  "cpu/request": 0n,
  "cpu/limit": 0n,
  "memory/request": 0n,
  "memory/limit": 0n,
  "ephemeral_storage/request": 0n,
  "ephemeral_storage/limit": 0n,
};

describe("the pod enricher", () => {
  test("gives a container its requests, limits, image, restarts, start, identity and labels", () => {
    const app = containerOf(
      "app",
      { cpu: 250n, memory: 1024n, "nvidia.com/gpu": 2n },
      { cpu: 500n, "ephemeral-storage": 9n, "nvidia.com/gpu": 2n },
    );
    const pod = podOf("web", [app], { labels: { tier: "front", app: "web" }, restarts: { app: 3 } });
    const batch = enrich(
      [pod],
      batchOf({
        [containerKey]: { labels: { type: "pod_container", container_name: "app", ...where } },
        [podKey]: { labels: { type: "pod", ...where } },
      }),
    );
    const set = batch.sets.get(containerKey);
    assert.deepEqual(valuesOf(batch, containerKey), {
      ...none,
      "cpu/request": 250n,
      "cpu/limit": 500n,
      "memory/request": 1024n,
      "ephemeral_storage/limit": 9n,
      "nvidia.com/gpu/request": 2n,
      restart_count: 3n,
    });
    assert.equal(set?.values.get("restart_count")?.type, "gauge");
    assert.equal(set?.entityCreated, nanoseconds(start));
    assert.deepEqual(set?.labels, {
      type: "pod_container",
      container_name: "app",
      ...where,
      container_base_image: "registry.example/app:1",
      pod_id: "uid-web",
      labels: "app:web,tier:front",
    });
    assert.equal(batch.sets.get(podKey)?.labels.pod_id, "uid-web");
    assert.equal(batch.sets.get(podKey)?.labels.labels, "app:web,tier:front");
    assert.equal(batch.sets.get(podKey)?.entityCreated, nanoseconds(start));
    assert.equal(batch.sets.size, 2);
  });

  test("keeps the image that the kubelet told", () => {
    const labels = { type: "pod_container", container_name: "app", container_base_image: "told", ...where };
    const batch = enrich([podOf("web", [containerOf("app")])], batchOf({ [containerKey]: { labels } }));
    assert.equal(batch.sets.get(containerKey)?.labels.container_base_image, "told");
  });

  test("makes sets for containers and pods that the kubelet said nothing of", () => {
    const pod = podOf("web", [containerOf("app"), containerOf("side", { cpu: 5n })]);
    const batch = enrich(
      [pod],
      batchOf({ [containerKey]: { labels: { type: "pod_container", container_name: "app", ...where } } }),
    );
    assert.deepEqual([...batch.sets.keys()], [containerKey, podKey, `${podKey}/container:side`]);
    assert.deepEqual(batch.sets.get(podKey)?.labels, {
      type: "pod",
      ...where,
      pod_id: "uid-web",
      labels: "",
    });
    const side = `${podKey}/container:side`;
    assert.deepEqual(valuesOf(batch, side), { ...none, "cpu/request": 5n });
    assert.deepEqual(batch.sets.get(side)?.labels, {
      type: "pod_container",
      ...where,
      container_name: "side",
      container_base_image: "registry.example/side:1",
      pod_id: "uid-web",
      labels: "",
    });
  });

  test("dates a container of its own making by the pod's collection start", () => {
    const batch = batchOf({ [podKey]: { labels: { type: "pod", ...where }, began: start - 5 } });
    enrich([podOf("web", [containerOf("app")])], batch);
    assert.equal(batch.sets.get(containerKey)?.entityCreated, nanoseconds(start - 5));
  });

  test("leaves alone what the API server does not know", () => {
    const sets = {
      [containerKey]: { labels: { type: "pod_container", ...where } },
      "node:a": { labels: { type: "node" } },
    };
    assert.deepEqual(enrich([podOf("other", [])], batchOf(sets)), batchOf(sets));
  });
});

describe("the label copier", () => {
  test("joins what is not ignored in order, and stores what is asked for, ignored or not", () => {
    const copy = createLabelCopier({
      separator: ";",
      ignored: ["hash"],
      stored: new Map([
        ["hash", "revision"],
        ["app", "app"],
      ]),
    });
    const target = {};
    copy({ tier: "front", hash: "abc", app: "web" }, target);
    assert.deepEqual(target, { revision: "abc", app: "web", labels: "app:web;tier:front" });
  });
});
