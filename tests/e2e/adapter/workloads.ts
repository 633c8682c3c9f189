import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { ControlPlane, Manifest } from "../control-plane.ts";

/** Each is scaled on one kind of metric. */
export const apps = ["custom", "external", "cpu"] as const;
export type App = (typeof apps)[number];

export const namespace: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

export const node: Manifest = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n1" },
  status: {
    addresses: [{ type: "InternalIP", address: "127.0.0.2" }],
    capacity: { cpu: "4", memory: "8Gi", pods: "110" },
    allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True" }],
  },
};

export const deployments: readonly Manifest[] = apps.map((app) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: app, namespace: "shop" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: {
        // Nobody schedules here, and no kubelet runs them.
        nodeName: "n1",
        containers: [
          { name: "app", image: "registry.example/app:1", resources: { requests: { cpu: "100m" } } },
        ],
      },
    },
  },
}));

const metricOf: Readonly<Record<App, object>> = {
  custom: {
    type: "Pods",
    pods: {
      metric: { name: "http_requests_inflight" },
      target: { type: "AverageValue", averageValue: "10" },
    },
  },
  external: {
    type: "External",
    external: {
      metric: { name: "queue_depth", selector: { matchLabels: { queue: "orders" } } },
      target: { type: "AverageValue", averageValue: "10" },
    },
  },
  cpu: {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 100 } },
  },
};

/** They go up and down as soon as they see a reason to. */
export const autoscalers: readonly Manifest[] = apps.map((app) => ({
  apiVersion: "autoscaling/v2beta2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: app, namespace: "shop" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: app },
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [metricOf[app]],
    behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
  },
}));

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()),
        deletionTimestamp: z.string().optional(),
      }),
      status: z.object({ phase: z.string() }),
    }),
  ),
});

/** Says of every pod that it runs and is ready, and of a deleted one that it has ended, as a kubelet would; tells which there are. */
export const playKubelet = (cluster: ControlPlane, tell: (pods: { name: string; app: string }[]) => void) => {
  const ended = new AbortController();
  const path = "/api/v1/namespaces/shop/pods";
  const look = async () => {
    const { items } = podList.parse(await cluster.ask("GET", path));
    for (const { metadata, status } of items) {
      const own = `${path}/${metadata.name}`;
      if (metadata.deletionTimestamp !== undefined)
        await cluster.ask("DELETE", own, { gracePeriodSeconds: 0 }).catch(() => undefined);
      else if (status.phase === "Pending")
        await cluster.ask("PATCH", `${own}/status`, { status: running() }).catch(() => undefined);
    }
    const alive = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    tell(alive.map(({ metadata: { name, labels } }) => ({ name, app: labels.app ?? "" })));
  };
  const loop = async () => {
    while (!ended.signal.aborted) {
      await look().catch(() => undefined);
      await sleep(200, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const done = loop();
  return async () => {
    ended.abort();
    await done;
  };
};

const running = () => {
  const time = new Date(Date.now() - 120_000).toISOString();
  return {
    phase: "Running",
    startTime: time,
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: time }],
    containerStatuses: [
      {
        name: "app",
        ready: true,
        restartCount: 0,
        image: "registry.example/app:1",
        imageID: "",
        state: { running: { startedAt: time } },
      },
    ],
  };
};
