import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiServer } from "../../../local/demo/apiserver.ts";

/** A scrape configuration, the same for Prometheus and for us. */
export type ScrapeConfig = Readonly<Record<string, unknown>> & { readonly job_name: string };

/** Jobs with what relabelling is used for: their targets are kept, dropped, refused, renamed and merged. */
export const judgedJobs = (server: ApiServer, folder: string): ScrapeConfig[] => {
  const file = join(folder, "targets.json");
  writeFileSync(file, JSON.stringify(fileGroups));
  const kubernetes = (name: string, role: string, rules: readonly object[] = []) => ({
    job_name: name,
    kubernetes_sd_configs: [{ role, api_server: server.url, authorization: { credentials: server.token } }],
    ...(rules.length > 0 && { relabel_configs: rules }),
  });
  return [
    kubernetes("nodes", "node", [{ action: "labelmap", regex: "__meta_kubernetes_node_label_(.+)" }]),
    kubernetes("pods", "pod", podRules),
    kubernetes("services", "service"),
    kubernetes("endpoints/all", "endpoints", [
      { action: "labelmap", regex: "__meta_kubernetes_(namespace|service_name|pod_name|endpoint_port_name)" },
    ]),
    { job_name: "static", scheme: "https", static_configs: [{ targets: ["127.0.0.1:1", "plain"] }] },
    {
      job_name: "files",
      keep_dropped_targets: 5,
      file_sd_configs: [{ files: [file] }],
      relabel_configs: fileRules,
    },
    {
      job_name: "probes",
      metrics_path: "/probe",
      params: { module: ["http_2xx", "tcp"], debug: ["true"] },
      scrape_interval: "20s",
      file_sd_configs: [{ files: [file] }],
      relabel_configs: [
        { source_labels: ["__address__"], target_label: "__param_target" },
        { source_labels: ["__param_target"], target_label: "instance" },
        { target_label: "__address__", replacement: "127.0.0.1:9115" },
      ],
    },
    {
      job_name: "merged",
      static_configs: [{ targets: ["a:1", "b:1", "c:1"], labels: { team: "x" } }],
      relabel_configs: [
        {
          source_labels: ["__address__"],
          regex: "[ab]:(.*)",
          target_label: "__address__",
          replacement: "ab:$1",
        },
      ],
    },
    { job_name: "nothing" },
  ];
};

const podRules = [
  { source_labels: ["__meta_kubernetes_pod_container_port_number"], regex: ".+", action: "keep" },
  {
    source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_path"],
    regex: "(.+)",
    target_label: "__metrics_path__",
  },
  { action: "labelmap", regex: "__meta_kubernetes_pod_label_(.+)" },
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
  { source_labels: ["__meta_kubernetes_pod_name"], regex: ".*-0", action: "drop" },
];

const fileGroups = Array.from({ length: 60 }, (_, index) => ({
  targets: [`10.0.0.${index}:9100`, `10.0.1.${index}:9100`],
  labels: { index: String(index), state: ["run", "stop", "slash", "slow"][index % 4], ümlaut: "ß" },
}));

const fileRules = [
  { source_labels: ["state"], regex: "stop", action: "drop" },
  {
    source_labels: ["state", "__address__"],
    regex: "slash;(.*)",
    target_label: "__address__",
    replacement: "$1/",
  },
  { source_labels: ["state"], regex: "slow", target_label: "__scrape_interval__", replacement: "5m" },
  { source_labels: ["index"], modulus: 7, target_label: "part", action: "hashmod" },
  { source_labels: ["index"], target_label: "__tmp_index" },
];
