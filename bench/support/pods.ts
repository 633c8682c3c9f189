import type { Manifest } from "../../tests/e2e/control-plane.ts";

/** Running pods as a cluster has them: labels, annotations and two ports each, spread over fifty nodes. */
export const podManifest = (index: number, namespace = "default"): Manifest => {
  const app = `app-${index % 200}`;
  const name = `${app}-7d4b9c6f5d-${index.toString(36).padStart(5, "0")}`;
  const ip = `127.${10 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const container = (of: string, port: number) => ({
    name: of,
    image: `images.example/${app}/${of}:1.${index % 20}.0`,
    ports: [{ name: `${of}-port`, containerPort: port, protocol: "TCP" }],
    env: [{ name: "REGION", value: "eu-1" }],
    resources: { requests: { cpu: "100m", memory: "128Mi" } },
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels: {
        app,
        "pod-template-hash": "7d4b9c6f5d",
        "app.kubernetes.io/part-of": "bench",
        tier: "backend",
      },
      annotations: {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "8080",
        "example.com/owner": "team-a",
      },
    },
    spec: {
      nodeName: `node-${index % 50}`,
      containers: [container("web", 8080), container("sidecar", 9090)],
    },
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      hostIP: `127.1.0.${index % 50}`,
      startTime: "2026-01-01T00:00:00Z",
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
        { type: "ContainersReady", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
        { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
      ],
      containerStatuses: ["web", "sidecar"].map((of) => ({
        name: of,
        ready: true,
        restartCount: 0,
        image: `images.example/${app}/${of}:1.${index % 20}.0`,
        imageID: "",
        containerID: `containerd://${index.toString(16).padStart(64, "0")}`,
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
      })),
    },
  };
};
