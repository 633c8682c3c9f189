import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ApiServer } from "../../../local/demo/apiserver.ts";
import type { DemoObject } from "../../../local/demo/object.ts";
import type { DiscoveryJob } from "../prometheus.ts";

/** A running pod with one port, hence one target. */
export const podOf = (name: string, ip: string): DemoObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop" },
  spec: {
    nodeName: "node-1",
    containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 8080 }] }],
  },
  status: { phase: "Running", podIP: ip, hostIP: "10.0.0.1" },
});

/** A job that discovers by the demo server's token. */
export const jobOf = (name: string, server: ApiServer, more: object = {}): DiscoveryJob => ({
  job_name: name,
  kubernetes_sd_configs: [
    { role: "pod", api_server: server.url, authorization: { credentials: server.token }, ...more },
  ],
});

export const staticJob = (name: string, target: string): DiscoveryJob => ({
  job_name: name,
  static_configs: [{ targets: [target] }],
});

/** Writes a `prometheus.yml` into a folder and returns its path. */
export const writeConfig = (folder: string, jobs: readonly DiscoveryJob[]): string => {
  const file = join(folder, "prometheus.yml");
  writeFileSync(file, stringify({ scrape_configs: jobs }));
  return file;
};

/** Writes a `rollcall.yml` by which the schedule looks at the server: at every reload unless told, since a look is always due then. */
export const writeSettings = (folder: string, server: ApiServer, every = "5s"): string => {
  const file = join(folder, "rollcall.yml");
  const cluster = { name: "demo", api_server: server.url, every, follow: "schedule" };
  writeFileSync(file, stringify({ clusters: [cluster] }));
  return file;
};
