import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { issueFor } from "../../unit/adapter/identity/certificates.ts";
import { createAuthority } from "../../unit/http/support/certificates.ts";
import { type ControlPlane, startControlPlane } from "../control-plane.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { freePort } from "../ports.ts";
import { runProgram } from "../process.ts";
import { runPrometheus } from "../prometheus.ts";
import { type Rollcall, startRollcall } from "../rollcall.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { rulesText } from "./rules.ts";
import { deployments, namespace, node, playKubelet } from "./workloads.ts";

export interface World {
  readonly cluster: ControlPlane;
  readonly exporter: Exporter;
  readonly rollcall: Rollcall;
  readonly folder: string;
  /** Of the adapter's listener. */
  readonly port: number;
  /** PEM of its certificate's authority. */
  readonly authority: string;
  readonly serving: { readonly cert: string; readonly key: string };
  readonly readerKubeconfig: string;
  /** Of the Prometheus. */
  readonly prometheus: string;
  kubectl(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** The name that an API server's aggregator asks for: SERVICE.NAMESPACE.svc. */
const tlsName = "rollcall-adapter.rollcall.svc";

/** A control plane that reaches extension API servers by their names, a Prometheus that scrapes the test's own exporter, and Rollcall between them. */
export const startWorld = async ({ series = 0 }: { series?: number } = {}): Promise<World> => {
  const folder = temporaryFolder("adapter");
  const stops: (() => Promise<unknown> | undefined)[] = [async () => folder.remove()];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const exporter = await startExporter(series);
    stops.push(exporter.stop);
    const [cluster, prometheus] = await Promise.all([startCluster(), startScraping(exporter.port)]);
    stops.push(cluster.stop, prometheus.stop);
    await cluster.create([namespace, node, { ...namespace, metadata: { name: "rollcall" } }]);
    await cluster.create(deployments);
    stops.push(
      playKubelet(cluster, (pods) => {
        exporter.pods = pods;
      }),
    );
    await haveSeries(prometheus.url);
    const readerKubeconfig = writeKubeconfig(cluster, folder.path);
    const signer = createAuthority("serving-ca");
    const serving = issueFor(signer, { subject: "/CN=adapter", names: [tlsName] });
    const port = await freePort();
    const files = writeFiles(folder.path, { port, prometheus: prometheus.url, serving, readerKubeconfig });
    const rollcall = await startRollcall({ ...files, data: join(folder.path, "data") });
    stops.push(rollcall.stop);
    const kubectl = (...words: string[]) =>
      runProgram("kubectl", [
        "--kubeconfig",
        cluster.kubeconfig,
        `--cache-dir=${folder.path}/cache`,
        ...words,
      ]);
    const authority = signer.cert;
    return {
      cluster,
      exporter,
      rollcall,
      folder: folder.path,
      port,
      authority,
      serving,
      readerKubeconfig,
      prometheus: prometheus.url,
      kubectl,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const startCluster = () =>
  startControlPlane({
    apiServer: "--enable-aggregator-routing=false",
    controllerManager:
      "--horizontal-pod-autoscaler-cpu-initialization-period=1s --horizontal-pod-autoscaler-initial-readiness-delay=1s",
  });

/** Nothing but the exporter on loopback is scraped. */
const startScraping = (port: number) =>
  runPrometheus({
    scrape_configs: [
      {
        job_name: "exporter",
        scrape_interval: "1s",
        honor_labels: true,
        static_configs: [{ targets: [`127.0.0.1:${port}`] }],
      },
    ],
  });

/** Rollcall looks for series as soon as it starts, and then once a minute. */
const haveSeries = (url: string) =>
  eventually("Prometheus has what the rules are about", 30, async () => {
    for (const metric of ["http_requests_inflight", "queue_depth"]) {
      const answer = await fetch(`${url}/api/v1/series?match[]=${metric}`);
      assert.ok(Object(await answer.json()).data.length > 0, metric);
    }
  });

/** Of an account that may do what `rollcall adapter manifests` gives its group, and little else. */
const writeKubeconfig = (cluster: ControlPlane, folder: string): string => {
  const file = join(folder, "reader.kubeconfig");
  const own = { server: cluster.url, "certificate-authority": cluster.caFile };
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: own }],
    users: [{ name: "u", user: { token: cluster.readerToken } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  writeFileSync(file, stringify(document));
  return file;
};

interface Files {
  readonly port: number;
  readonly prometheus: string;
  readonly serving: { readonly cert: string; readonly key: string };
  readonly readerKubeconfig: string;
}

const writeFiles = (folder: string, { port, prometheus, serving, readerKubeconfig }: Files) => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write("tls.crt", serving.cert);
  write("tls.key", serving.key);
  write("adapter.yml", rulesText);
  const adapter = {
    cluster: "lab",
    host: "localhost",
    listen: `127.0.0.1:${port}`,
    tls: { cert_file: "tls.crt", key_file: "tls.key" },
    rules_file: "adapter.yml",
    prometheus: { url: prometheus },
    metrics_relist_interval: "1m",
    kubeconfig_file: readerKubeconfig,
  };
  return {
    config: write("prometheus.yml", "scrape_configs: []\n"),
    settings: write("rollcall.yml", stringify({ adapters: [adapter] })),
  };
};
