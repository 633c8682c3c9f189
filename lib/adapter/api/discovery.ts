import type { Catalogue } from "../provider/provider.ts";
import type { CustomMetric } from "../registry/registry.ts";
import {
  customGroup,
  externalGroup,
  type GroupName,
  groups,
  isServed,
  preferredVersion,
  resourceGroup,
} from "./groups.ts";

/** `/apis` (spec B9): the groups that this adapter has rules for. */
export const groupList = (catalogue: Catalogue) => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groups
    .filter(({ name }) => isServed(name, catalogue))
    .map(({ name }) => ({
      ...groupBody(name),
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "" }],
    })),
});

export const groupDocument = (group: GroupName) => ({
  kind: "APIGroup",
  apiVersion: "v1",
  ...groupBody(group),
});

const groupBody = (name: GroupName) => {
  const preferred = { groupVersion: `${name}/${preferredVersion}`, version: preferredVersion };
  return { name, versions: [preferred], preferredVersion: preferred };
};

/** `/apis/GROUP/VERSION`: what can be asked for. Upstream's order is that of a hash; here the lists are sorted. */
export const resourceList = (group: GroupName, version: string, catalogue: Catalogue) => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: `${group}/${version}`,
  resources: resourcesOf(group, catalogue),
});

/** An entry of an `APIResourceList`. */
export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export const resourcesOf = (group: GroupName, { custom, external }: Catalogue): ApiResource[] => {
  if (group === customGroup) return (custom ?? []).map(customResource);
  if (group === externalGroup) return (external ?? []).map(externalResource);
  return group === resourceGroup ? measuredResources : [];
};

const customResource = ({ group, resource, namespaced, metric }: CustomMetric): ApiResource => ({
  name: `${resource}${group === "" ? "" : `.${group}`}/${metric}`,
  singularName: "",
  namespaced,
  kind: "MetricValueList",
  verbs: ["get"],
});

const externalResource = (name: string): ApiResource => ({
  name,
  singularName: "",
  namespaced: true,
  kind: "ExternalMetricValueList",
  verbs: ["get"],
});

const measuredResources: ApiResource[] = [
  { name: "nodes", singularName: "", namespaced: false, kind: "NodeMetrics", verbs: ["get", "list"] },
  { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get", "list"] },
];

/** What a client looks for that walks the paths. */
export const pathList = (catalogue: Catalogue) => ({
  paths: [
    "/apis",
    ...groups
      .filter(({ name }) => isServed(name, catalogue))
      .flatMap(({ name, versions }) => [
        `/apis/${name}`,
        ...versions.map((version) => `/apis/${name}/${version}`),
      ]),
    "/healthz",
    "/livez",
    "/metrics",
    "/openapi/v2",
    "/openapi/v3",
    "/readyz",
    "/version",
  ],
});
