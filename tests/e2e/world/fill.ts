import assert from "node:assert/strict";
import * as z from "zod";
import { type ControlPlane, type Manifest, pathOf } from "../control-plane.ts";
import { eventually } from "../eventually.ts";
import { endpointSlices, endpoints } from "./endpoints.ts";
import { ingresses } from "./ingresses.ts";
import { namespaces } from "./namespaces.ts";
import { nodes } from "./nodes.ts";
import { podStatus, pods } from "./pods.ts";
import { services } from "./services.ts";
import { nightlyRun, workloads } from "./workloads.ts";

/** Fills a control plane with objects that exercise each role, and waits until its controllers have settled. */
export const fillWorld = async (cluster: ControlPlane): Promise<void> => {
  await cluster.create([...namespaces, ...nodes]);
  const owners = await nodeOwners(cluster);
  await cluster.create([
    ...pods.map((pod) => owned(pod, owners)),
    ...services,
    ...endpoints,
    ...endpointSlices,
    ...ingresses,
    ...workloads,
  ]);
  const cronJob = identified.parse(
    await cluster.ask("GET", "/apis/batch/v1beta1/namespaces/data/cronjobs/nightly"),
  );
  await cluster.create([nightlyRun(cronJob.metadata.uid)]);
  await runPods(cluster, {
    "app=web": 2,
    "app=bare-set": 1,
    "app=agent": 1,
    "app=import": 1,
    "app=nightly": 1,
  });
  await settled(cluster);
};

/**
 * Plays scheduler and kubelet: waits until controllers have made so many pods for each label, binds them to a node
 * and reports them as running. The second pod of a label is not ready.
 */
export const runPods = async (cluster: ControlPlane, wanted: Readonly<Record<string, number>>) => {
  for (const [label, count] of Object.entries(wanted)) {
    const made = await eventually(`controllers make ${count} pods with ${label}`, 30, async () => {
      const { items } = podList.parse(
        await cluster.ask("GET", `/api/v1/pods?labelSelector=${encodeURIComponent(label)}`),
      );
      assert.equal(items.length, count);
      return items;
    });
    const unscheduled = made.filter(({ spec }) => spec.nodeName === undefined);
    for (const [index, pod] of unscheduled.entries())
      await runPod(cluster, pod, index === 1 ? "False" : "True");
  }
};

let lastAddress = 0;

const runPod = async (cluster: ControlPlane, pod: Pod, ready: string) => {
  const { name, namespace } = pod.metadata;
  const place = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const node = pod.metadata.labels.app === "agent" ? "node-b" : "node-a";
  const target = { apiVersion: "v1", kind: "Node", name: node };
  await cluster.ask("POST", `${place}/binding`, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name },
    target,
  });
  lastAddress += 1;
  const status = podStatus({ ip: `10.5.0.${lastAddress}`, ready, containers: pod.spec.containers });
  await cluster.ask("PATCH", `${place}/status`, { status });
};

/** The endpoints controller has seen every pod that is ready or not. */
const settled = (cluster: ControlPlane) =>
  eventually("the endpoints controller has seen the pods", 30, async () => {
    for (const [place, addresses] of [
      ["shop/endpoints/web", 2],
      ["shop/endpoints/many", 1],
      ["data/endpoints/warehouse", 1],
    ]) {
      const { subsets = [] } = endpointsObject.parse(await cluster.ask("GET", `/api/v1/namespaces/${place}`));
      const seen = new Set(
        subsets.flatMap((subset) => [...subset.addresses, ...subset.notReadyAddresses].map(({ ip }) => ip)),
      );
      assert.equal(seen.size, addresses, `${place} has ${[...seen].join(", ")}`);
    }
  });

/** A mirror pod is controlled by its node; a reference needs the node's identity, which only the server knows. */
const nodeOwners = async (cluster: ControlPlane) => {
  const owners = new Map<string, string>();
  for (const node of nodes)
    owners.set(node.metadata.name, identified.parse(await cluster.ask("GET", pathOf(node))).metadata.uid);
  return owners;
};

const owned = (pod: Manifest, owners: ReadonlyMap<string, string>): Manifest => {
  const { mirrorOf, ...metadata } = pod.metadata;
  if (typeof mirrorOf !== "string") return pod;
  const reference = {
    apiVersion: "v1",
    kind: "Node",
    name: mirrorOf,
    uid: owners.get(mirrorOf),
    controller: true,
  };
  return { ...pod, metadata: { ...metadata, ownerReferences: [reference] } };
};

const identified = z.object({ metadata: z.object({ uid: z.string() }) });
const podItem = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(z.object({ name: z.string(), image: z.string(), ports: z.array(z.object({})) })),
  }),
});
type Pod = z.infer<typeof podItem>;
const podList = z.object({ items: z.array(podItem) });
const addresses = z.array(z.object({ ip: z.string() })).default([]);
const endpointsObject = z.object({
  subsets: z.array(z.object({ addresses, notReadyAddresses: addresses })).optional(),
});
