import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlPlane, type Manifest, startControlPlane } from "../../tests/e2e/control-plane.ts";
import { clonePods } from "./clones.ts";
import { applications, podManifest } from "./pods.ts";

/** A real control plane full of running pods. */
export interface Cluster {
  readonly plane: ControlPlane;
  /** How many pods there are in all. */
  readonly count: number;
  /** Those of them in the namespace `moving`, which a bench changes; the rest are in `default`. */
  readonly moving: readonly Manifest[];
  /** A temporary folder. */
  readonly folder: string;
  /** The same with more pods. */
  grow(count: number): Promise<Cluster>;
}

/** Fills a control plane, runs the work, and stops and removes everything whatever happened. */
export const withCluster = async <Result>(
  options: { readonly moving: number; readonly pods: number },
  work: (cluster: Cluster) => Promise<Result>,
): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const plane = await startControlPlane();
  try {
    const moving = await createFirst(plane, options.moving);
    const empty: Cluster = {
      ...{ plane, count: moving.length, moving, folder },
      grow: (count) => grown(empty, count),
    };
    return await work(await empty.grow(options.pods));
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The namespace that only moving pods are in. */
export const movingNamespace = "moving";

/** Nodes, and the pods that will move. */
const createFirst = async (plane: ControlPlane, moving: number): Promise<Manifest[]> => {
  const nodes = Array.from({ length: 50 }, (_, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node-${index}` },
  }));
  await plane.create([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: movingNamespace } },
    ...nodes,
  ]);
  const pods = Array.from({ length: moving }, (_, index) => podManifest(index, movingNamespace));
  await plane.create(pods);
  return pods;
};

/** The first of each application are asked of the API server, the rest are like them. */
const grown = async (cluster: Cluster, count: number): Promise<Cluster> => {
  const { plane, moving } = cluster;
  process.stdout.write(`creating ${count - cluster.count} pods …\n`);
  const more = Array.from({ length: count - cluster.count }, (_, at) => cluster.count + at);
  const isModel = (index: number) => index < moving.length + applications;
  await plane.create(more.filter(isModel).map((index) => podManifest(index)));
  const clones = more.filter((index) => !isModel(index));
  const models = Array.from({ length: applications }, (_, at) => moving.length + at);
  if (clones.length > 0) await clonePods(plane, clones, models);
  const larger: Cluster = { ...cluster, count, grow: (to) => grown(larger, to) };
  return larger;
};

/** What every discovery block on this control plane needs, at another address if it is read through a proxy. */
export const access = (plane: ControlPlane, url = plane.url) => ({
  api_server: url,
  tls_config: { ca_file: plane.caFile },
  authorization: { credentials_file: plane.readerTokenFile },
});

/** Rules by which a peer keeps the moving pods' targets only. */
export const keepMoving = [
  { action: "keep", source_labels: ["__meta_kubernetes_namespace"], regex: movingNamespace },
];

/** A scrape job; its proxy leads nowhere, so that nothing is ever scraped. */
export const job = (name: string, ...blocks: object[]) => ({
  job_name: name,
  proxy_url: "http://127.0.0.1:9",
  scrape_interval: "1h",
  kubernetes_sd_configs: blocks,
});
