import type { KubernetesRole } from "../../config/configuration.ts";
import type { Provider } from "../provider.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import type { ObjectChange } from "./reflector.ts";
import type { ResourceName } from "./resources.ts";

/** What upstream counts of its watches (spec §2.2). */
export interface Counts {
  /** `prometheus_sd_kubernetes_events_total{role,event}`. */
  event(provider: Provider, role: KubernetesRole, event: CountedEvent): void;
  /** `prometheus_sd_kubernetes_failures_total`: one attempt to list and watch failed. */
  failure(): void;
}

export type CountedEvent = "add" | "update" | "delete";

export const eventOf = ({ before, after }: ObjectChange<KubernetesObject>): CountedEvent => {
  if (after === undefined) return "delete";
  return before === undefined ? "add" : "update";
};

/** The role that an event counts under for a provider of this role; undefined when it is not counted. */
export const countedRole = (
  role: KubernetesRole,
  resource: ResourceName,
  event: CountedEvent,
): KubernetesRole | undefined => {
  if (resource === mainOf[role]) return role;
  const backed = role === "endpoints" || role === "endpointslice";
  if (backed && resource === "services") return "service";
  return role === "endpoints" && resource === "pods" && event === "update" ? "pod" : undefined;
};

const mainOf: Readonly<Record<KubernetesRole, ResourceName>> = {
  node: "nodes",
  pod: "pods",
  service: "services",
  endpoints: "endpoints",
  endpointslice: "endpointSlices",
  ingress: "ingresses",
};
