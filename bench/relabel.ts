import type { Job } from "../lib/config/configuration.ts";
import { parseConfiguration } from "../lib/config/parse.ts";
import { emptyCaches } from "../lib/discovery/kubernetes/caches.ts";
import { pods } from "../lib/discovery/kubernetes/resources.ts";
import { podRole } from "../lib/discovery/kubernetes/roles/pod.ts";
import { type SyncedTargets, syncTargets } from "../lib/relabel/sync.ts";
import type { TargetGroup } from "../lib/targetgroup/targetgroup.ts";
import { machine, median, milliseconds, print } from "./support/figures.ts";
import { podManifest } from "./support/pods.ts";

const targetCount = 100_000;
const runs = 5;

/**
 * The rules that many installations have for pods. Each pod of the bench has two ports, and so two targets, which the
 * third rule makes one.
 */
const tenRules = String.raw`
scrape_configs:
  - job_name: pods
    relabel_configs:
      - { action: keep, source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], regex: "true" }
      - { source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_path], regex: (.+), target_label: __metrics_path__ }
      - source_labels: [__address__, __meta_kubernetes_pod_annotation_prometheus_io_port]
        regex: ([^:]+)(?::\d+)?;(\d+)
        replacement: $1:$2
        target_label: __address__
      - { action: labelmap, regex: __meta_kubernetes_pod_label_(.+) }
      - { source_labels: [__meta_kubernetes_namespace], target_label: namespace }
      - { source_labels: [__meta_kubernetes_pod_name], target_label: pod }
      - { source_labels: [__meta_kubernetes_pod_node_name], target_label: node }
      - { action: drop, source_labels: [__meta_kubernetes_pod_phase], regex: Pending|Succeeded|Failed|Completed }
      - { action: drop, source_labels: [__meta_kubernetes_pod_container_name], regex: istio-.*|linkerd-proxy }
      - { action: labeldrop, regex: pod_template_hash }
`;

const shardRules = `
scrape_configs:
  - job_name: shard
    relabel_configs:
      - { action: hashmod, source_labels: [__address__], modulus: 4, target_label: __tmp_hash }
      - { action: keep, source_labels: [__tmp_hash], regex: "1" }
`;

/** 100,000 targets of pods through ten rules, one labelmap among them, to final labels; the target is 2 s. */
export const bench = () => {
  const groups = podGroups();
  process.stdout.write(`${machine()}; ${targetCount} targets, median of ${runs} runs\n`);
  print([
    ["rules", "first", "median", "active", "dropped"],
    row("ten named", tenRules, groups),
    row("hashmod and keep", shardRules, groups),
  ]);
};

const podGroups = (): TargetGroup[] => {
  const manifests = Array.from({ length: targetCount / 2 }, (_, index) => podManifest(index));
  const objects: Parameters<typeof pods.decode>[0][] = JSON.parse(JSON.stringify(manifests));
  return objects.flatMap((object) => podRole.build(pods.decode(object), emptyCaches) ?? []);
};

const row = (name: string, text: string, groups: readonly TargetGroup[]): string[] => {
  const taken: number[] = [];
  let last: SyncedTargets | undefined;
  for (let run = 0; run < runs; run += 1) {
    // A job read anew: its rules are compiled within the time.
    const job = jobOf(text);
    const began = performance.now();
    last = syncTargets(job, groups);
    taken.push(performance.now() - began);
  }
  const counts = [last?.active.length, last?.droppedCount].map(String);
  return [name, milliseconds(taken[0]!), milliseconds(median(taken)), ...counts];
};

const jobOf = (text: string): Job =>
  parseConfiguration({ main: { path: "prometheus.yml", text }, jobFiles: [] }).configuration.jobs[0]!;
