/**
 * The rules that many installations have for pods. Each pod of a bench has two ports, and so two targets, which the third
 * rule makes one.
 */
export const tenRules = String.raw`
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
