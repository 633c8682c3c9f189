import assert from "node:assert/strict";
import * as z from "zod";
import { type ControlPlane, type Manifest, pathOf } from "../control-plane.ts";
import { nightlyRun } from "../world/workloads.ts";
import { type Kubelet, rolledOut } from "./kubelet.ts";

/** The world of the suite `kubernetes`, with somebody to run what its controllers make. */
export interface Stage {
  readonly cluster: ControlPlane;
  readonly kubelet: Kubelet;
}

/** Two rolling updates with a scaling up and a scaling down between them, and a set that goes altogether. */
export const rollOut = async (stage: Stage): Promise<void> => {
  const { cluster } = stage;
  await cluster.ask("PATCH", web, { spec: { replicas: 4, template: templateOf("2") } });
  await rolledOut(stage, web, 4);
  await cluster.ask("PATCH", web, { spec: { replicas: 7 } });
  await rolledOut(stage, web, 7);
  await cluster.ask("PATCH", web, { spec: { replicas: 2 } });
  await rolledOut(stage, web, 2);
  await cluster.ask("PATCH", web, { spec: { replicas: 3, template: templateOf("3") } });
  await rolledOut(stage, web, 3);
  await cluster.ask("DELETE", `/apis/apps/v1/namespaces/shop/replicasets/bare-set?${background}`);
  await untilPods(stage, "app=bare-set", 0);
};

/** A node comes, on which a daemon set and a part of a deployment run. */
export const addNode = async (stage: Stage): Promise<void> => {
  const { cluster, kubelet } = stage;
  await cluster.create([newNode]);
  kubelet.nodes = [newNode.metadata.name];
  await cluster.ask("PATCH", web, { spec: { replicas: 5 } });
  await rolledOut(stage, web, 5);
  await untilPods(stage, "app=agent", 2);
};

/** The node changes, and goes with its pods; controllers make others elsewhere. Another goes and leaves its pods behind. */
export const removeNodes = async (stage: Stage): Promise<void> => {
  const { cluster, kubelet } = stage;
  await cluster.ask("PATCH", pathOf(newNode), { metadata: { labels: { zone: "c", rack: "7" } } });
  await cluster.ask("DELETE", pathOf(newNode));
  kubelet.nodes = ["node-a"];
  const lost = await podsOf(cluster, { fieldSelector: `spec.nodeName=${newNode.metadata.name}` });
  for (const { metadata } of lost)
    await cluster.ask("DELETE", `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`);
  await cluster.ask("DELETE", "/api/v1/nodes/node-b");
  await rolledOut(stage, web, 5);
};

export const changeServices = async ({ cluster }: Stage): Promise<void> => {
  const labels = (place: string, name: string) =>
    cluster.ask("PATCH", place, { metadata: { labels: { changed: name, app: null } } });
  await labels(`${shop}/services/web`, "web");
  await labels("/api/v1/namespaces/data/services/warehouse", "warehouse");
  await cluster.ask("PATCH", `${shop}/services/many`, { spec: { ports: [{ port: 81, targetPort: 8080 }] } });
  await cluster.ask("PATCH", `${shop}/services/node-port`, { spec: { type: "ClusterIP" } });
  await cluster.ask("DELETE", `${shop}/services/headless`);
  const spec = { selector: { app: "web" }, ports: [{ name: "late", port: 82, targetPort: 9090 }] };
  await cluster.create([
    { apiVersion: "v1", kind: "Service", metadata: { name: "late", namespace: "shop" }, spec },
  ]);
};

export const changeIngresses = async ({ cluster }: Stage): Promise<void> => {
  const place = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses";
  const spec = {
    defaultBackend: { service: { name: "web", port: { number: 80 } } },
    rules: [{ host: "late.example" }],
  };
  await cluster.ask("PATCH", `${place}/plain`, { spec: { ingressClassName: "other", rules: spec.rules } });
  await cluster.ask("DELETE", `${place}/leaving`);
  await cluster.create([
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "late", namespace: "shop" },
      spec,
    },
  ]);
};

/** A job and a cron job's job run to their end, and an older job goes with its pod. */
export const runJobs = async (stage: Stage): Promise<void> => {
  const { cluster } = stage;
  const place = "/apis/batch/v1/namespaces/data/jobs";
  const template = {
    metadata: { labels: { app: "export" } },
    spec: {
      restartPolicy: "Never",
      containers: [{ name: "export", image: "export:1", ports: [{ containerPort: 8080 }] }],
    },
  };
  const metadata = { name: "export", namespace: "data" };
  const spec = { completions: 2, parallelism: 2, template };
  const cronJob = identified.parse(
    await cluster.ask("GET", "/apis/batch/v1beta1/namespaces/data/cronjobs/nightly"),
  );
  const nightly = nightlyRun(cronJob.metadata.uid);
  await cluster.create([
    { apiVersion: "batch/v1", kind: "Job", metadata, spec },
    { ...nightly, metadata: { ...nightly.metadata, name: "nightly-2" } },
  ]);
  await stage.kubelet.runUntil("the jobs are complete", 30, async () => {
    for (const [name, succeeded] of [
      ["export", 2],
      ["nightly-2", 1],
    ] as const)
      assert.equal(job.parse(await cluster.ask("GET", `${place}/${name}`)).status.succeeded, succeeded, name);
  });
  await cluster.ask("DELETE", `${place}/import?${background}`);
  await untilPods(stage, "app=import", 0);
};

/** Namespaces are cluster-wide, and their pods are not touched by their labels. */
export const relabelNamespace = ({ cluster }: Stage): Promise<unknown> =>
  cluster.ask("PATCH", shop, { metadata: { labels: { team: "new-storefront", tier: null } } });

const untilPods = ({ cluster, kubelet }: Stage, labelSelector: string, count: number) =>
  kubelet.runUntil(`there are ${count} pods with ${labelSelector}`, 30, async () => {
    const found = await podsOf(cluster, { labelSelector });
    assert.equal(found.length, count);
    assert.ok(found.every(({ status }) => status.podIP !== undefined));
  });

const podsOf = async (cluster: ControlPlane, selector: Readonly<Record<string, string>>) =>
  podList.parse(await cluster.ask("GET", `/api/v1/pods?${new URLSearchParams(selector)}`)).items;

const shop = "/api/v1/namespaces/shop";
const web = "/apis/apps/v1/namespaces/shop/deployments/web";
const background = "propagationPolicy=Background";
const templateOf = (round: string) => ({ metadata: { annotations: { "example.com/round": round } } });

const newNode: Manifest = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-new", labels: { zone: "b", rack: "6" } },
  spec: { providerID: "aws:///eu-1b/i-new" },
  status: {
    addresses: [{ type: "InternalIP", address: "10.8.0.99" }],
    conditions: [{ type: "Ready", status: "True" }],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
  },
};

const identified = z.object({ metadata: z.object({ uid: z.string() }) });
const job = z.object({ status: z.object({ succeeded: z.number().default(0) }) });
const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      status: z.object({ podIP: z.string().optional() }),
    }),
  ),
});
