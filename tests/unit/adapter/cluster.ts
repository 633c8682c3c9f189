import type { Resource } from "../../../lib/adapter/mapper/mapper.ts";

const of = (
  group: string,
  kind: string,
  namespaced: boolean,
  resource = `${kind.toLowerCase()}s`,
): Resource => ({
  group,
  version: "v1",
  resource,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
});

/** Resources of a cluster, in the order in which an API server lists them. */
export const clusterResources: readonly Resource[] = [
  of("", "Namespace", false),
  of("", "Node", false),
  of("", "PersistentVolume", false),
  of("", "Pod", true),
  of("", "Service", true),
  of("", "Event", true),
  of("apps", "Deployment", true),
  of("batch", "Job", true),
  of("extensions", "Ingress", true, "ingresses"),
  of("networking.k8s.io", "Ingress", true, "ingresses"),
  of("events.k8s.io", "Event", true),
  of("cheese.io", "Brand", false),
];
