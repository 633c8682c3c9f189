import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlPlane, type Manifest, startControlPlane } from "../../tests/e2e/control-plane.ts";
import { podManifest } from "./pods.ts";
import { wholeNumber } from "./settings.ts";

/** A real control plane full of running pods. */
export interface Cluster {
  readonly plane: ControlPlane;
  /** How many pods there are in all; `ROLLCALL_BENCH_PODS`, 10,000 if it says nothing. */
  readonly count: number;
  /** Those of them in the namespace `moving`, which a bench changes; the rest are in `default`. */
  readonly moving: readonly Manifest[];
  /** A temporary folder. */
  readonly folder: string;
}

/** Fills a control plane, runs the work, and stops and removes everything whatever happened. */
export const withCluster = async <Result>(
  options: { readonly moving: number; readonly pods?: number },
  work: (cluster: Cluster) => Promise<Result>,
): Promise<Result> => {
  const count = wholeNumber("ROLLCALL_BENCH_PODS", options.pods ?? 10_000);
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  process.stdout.write(`creating ${count} pods …\n`);
  const plane = await startControlPlane();
  try {
    const moving = await fill(plane, { count, moving: options.moving });
    return await work({ plane, count, moving, folder });
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The namespace that only moving pods are in. */
export const movingNamespace = "moving";

const fill = async (plane: ControlPlane, { count, moving }: { count: number; moving: number }) => {
  const nodes = Array.from({ length: 50 }, (_, index) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node-${index}` },
  }));
  await plane.create([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: movingNamespace } },
    ...nodes,
  ]);
  const pods = Array.from({ length: count }, (_, index) =>
    podManifest(index, index < moving ? movingNamespace : "default"),
  );
  for (let from = 0; from < count; from += 500) await plane.create(pods.slice(from, from + 500));
  return pods.slice(0, moving);
};

/** What every discovery block on this control plane needs, at another address if it is read through a proxy. */
export const access = (plane: ControlPlane, url = plane.url) => ({
  api_server: url,
  tls_config: { ca_file: plane.caFile },
  authorization: { credentials_file: plane.readerTokenFile },
});

/** A scrape job; its proxy leads nowhere, so that nothing is ever scraped. */
export const job = (name: string, ...blocks: object[]) => ({
  job_name: name,
  proxy_url: "http://127.0.0.1:9",
  scrape_interval: "1h",
  kubernetes_sd_configs: blocks,
});
