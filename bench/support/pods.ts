import type { Manifest } from "../../tests/e2e/control-plane.ts";

export const applications = 200;

/** Each as long as that of any other pod of the same application. */
export const podNames = (index: number) => ({
  name: `app-${index % applications}-7d4b9c6f5d-${index.toString(36).padStart(5, "0")}`,
  ip: `127.${10 + (index >> 14)}.${100 + ((index >> 7) & 127)}.${100 + (index & 127)}`,
  container: index.toString(16).padStart(64, "0"),
});

/**
 * Running pods as a cluster has them: labels, annotations and two ports each, spread over fifty nodes. Of every two hundred pods in a
 * row each is of another application; those of one application differ in what `podNames` gives, and in nothing else.
 */
export const podManifest = (index: number, namespace = "default"): Manifest => {
  const app = `app-${index % applications}`;
  const { name, ip, container: id } = podNames(index);
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
        containerID: `containerd://${id}`,
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
      })),
    },
  };
};
