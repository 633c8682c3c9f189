import { type Resource, resourceOf } from "../../../lib/adapter/mapper/mapper.ts";

/** Resources of a cluster, in the order in which an API server lists them. */
export const clusterResources: readonly Resource[] = [
  resourceOf("", "Namespace", { namespaced: false }),
  resourceOf("", "Node", { namespaced: false }),
  resourceOf("", "PersistentVolume", { namespaced: false }),
  resourceOf("", "Pod"),
  resourceOf("", "Service"),
  resourceOf("", "Event"),
  resourceOf("apps", "Deployment"),
  resourceOf("batch", "Job"),
  resourceOf("extensions", "Ingress", { resource: "ingresses" }),
  resourceOf("networking.k8s.io", "Ingress", { resource: "ingresses" }),
  resourceOf("events.k8s.io", "Event"),
  resourceOf("cheese.io", "Brand", { namespaced: false }),
];
