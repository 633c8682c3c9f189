/** A label that metric sets carry, and what Heapster's schema says of it (`metrics/core/labels.go`). */
export interface LabelDescriptor {
  readonly key: string;
  readonly description: string;
}

/** Names of labels (spec A3.2). */
export const label = {
  type: "type",
  podId: "pod_id",
  podName: "pod_name",
  namespaceName: "namespace_name",
  namespaceId: "namespace_id",
  containerName: "container_name",
  labels: "labels",
  nodename: "nodename",
  hostname: "hostname",
  resourceId: "resource_id",
  hostId: "host_id",
  containerBaseImage: "container_base_image",
  customMetricName: "custom_metric_name",
  resourceType: "resource_type",
  schedulable: "schedulable",
  volumeName: "volume_name",
  make: "make",
  model: "model",
  acceleratorId: "accelerator_id",
} as const;

/** Values of the label `type`. */
export const entityTypes = {
  cluster: "cluster",
  node: "node",
  systemContainer: "sys_container",
  namespace: "ns",
  pod: "pod",
  podContainer: "pod_container",
} as const;

/** Groups of labels that the export and its schema speak of, in their order. */
export const commonLabels: readonly LabelDescriptor[] = [
  { key: label.nodename, description: "The name of the node that the container runs on" },
  { key: label.hostname, description: "The host name of the node that the container runs on" },
  {
    key: label.hostId,
    description: "The identifier of the node's machine, given by its cloud or by the user",
  },
];

export const containerLabels: readonly LabelDescriptor[] = [
  {
    key: label.containerName,
    description: "The container's name, or the full cgroup path of a system container",
  },
  { key: label.containerBaseImage, description: "The container's image as the user wrote it" },
];

export const podLabels: readonly LabelDescriptor[] = [
  { key: label.podName, description: "The name of the pod" },
  { key: label.podId, description: "The unique identifier of the pod" },
  { key: label.namespaceId, description: "The unique identifier of the pod's namespace" },
  { key: label.labels, description: "The user's labels of the pod, joined into one text" },
];
