import { stringify } from "yaml";

export interface DemoAddresses {
  readonly apiServer: string;
  readonly swarm: string;
  /** Where the bearer token is, relative to the file. */
  readonly tokenFile: string;
  /** Absent: nobody answers for the nodes. `caFile` is relative to the file. */
  readonly kubelets?: { readonly port: number; readonly caFile: string };
}

/** The demo's own `prometheus.yml`: a job for each role, with the rules that a real user has. */
export const prometheusYml = (addresses: DemoAddresses): string => {
  const job = (name: string, role: string, more = {}) => kubernetesJob(addresses, name, { role, ...more });
  const config = {
    global: { scrape_interval: "15s" },
    scrape_configs: [
      job("demo-nodes", "node", { relabel_configs: [labelmap("__meta_kubernetes_node_label_(.+)")] }),
      job("demo-pods", "pod", { relabel_configs: podRules }),
      job("demo-services", "service", { relabel_configs: [keep("service")] }),
      job("demo-endpoints", "endpoints", { relabel_configs: endpointRules }),
      job("demo-endpointslices", "endpointslice", { attach_metadata: { node: true } }),
      job("demo-ingresses", "ingress"),
      { job_name: "demo-swarm", swarm_sd_configs: [{ masters: [addresses.swarm], refresh_interval: "5s" }] },
      {
        job_name: "demo-static",
        static_configs: [{ targets: ["127.0.0.1:9090"], labels: { team: "demo" } }],
      },
    ],
  };
  return `# Written by Rollcall's demo at each start; changes are lost.\n${stringify(config)}`;
};

/** Names both, so that targets carry `__meta_rollcall_cluster` and people read names rather than ports. */
export const rollcallYml = ({ apiServer, swarm, tokenFile, kubelets }: DemoAddresses): string =>
  stringify({
    clusters: [
      {
        name: "demo",
        api_server: apiServer,
        authorization: { credentials_file: tokenFile },
        ...(kubelets && { tls_config: { ca_file: kubelets.caFile } }),
      },
      { name: "demo-swarm", masters: [swarm] },
    ],
    ...(kubelets && { metrics: metricsOf(kubelets) }),
  });

const metricsOf = ({ port }: NonNullable<DemoAddresses["kubelets"]>) => ({
  // Whoever has just started it wants to see something.
  resolution: "10s",
  sources: [`kubernetes.summary_api:?kubeletHttps=true&kubeletPort=${port}`],
});

interface KubernetesJob {
  readonly role: string;
  readonly attach_metadata?: Readonly<Record<string, boolean>>;
  readonly relabel_configs?: readonly object[];
}

const kubernetesJob = (addresses: DemoAddresses, name: string, more: KubernetesJob) => {
  const { role, attach_metadata, relabel_configs } = more;
  const discovery = {
    role,
    api_server: addresses.apiServer,
    authorization: { credentials_file: addresses.tokenFile },
    ...(attach_metadata && { attach_metadata }),
  };
  return {
    job_name: name,
    kubernetes_sd_configs: [discovery],
    ...(relabel_configs && { relabel_configs }),
  };
};

const keep = (of: string) => ({
  source_labels: [`__meta_kubernetes_${of}_annotation_prometheus_io_scrape`],
  action: "keep",
  regex: "true",
});

const labelmap = (regex: string) => ({ action: "labelmap", regex });

const named = (label: string, target: string) => ({
  source_labels: [`__meta_kubernetes_${label}`],
  action: "replace",
  target_label: target,
});

const podRules = [
  keep("pod"),
  // One target for each pod: of the ports that it declares, the one that its annotation names.
  {
    source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_port"],
    action: "keepequal",
    target_label: "__meta_kubernetes_pod_container_port_number",
  },
  {
    source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_path"],
    action: "replace",
    target_label: "__metrics_path__",
    regex: "(.+)",
  },
  { source_labels: ["__meta_kubernetes_pod_phase"], action: "drop", regex: "Pending|Succeeded|Failed" },
  labelmap("__meta_kubernetes_pod_label_(.+)"),
  named("namespace", "namespace"),
  named("pod_name", "pod"),
  named("pod_node_name", "node"),
];

const endpointRules = [
  keep("service"),
  { source_labels: ["__meta_kubernetes_endpoint_port_name"], action: "keep", regex: "http-metrics|metrics" },
  named("namespace", "namespace"),
  named("service_name", "service"),
  named("pod_name", "pod"),
];
