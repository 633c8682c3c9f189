import type { Catalogue } from "../provider/provider.ts";

/** The API groups of an adapter and their versions, in the order of its lists (spec B9). */
export const groups = [
  { name: "custom.metrics.k8s.io", versions: ["v1beta1", "v1beta2"] },
  { name: "external.metrics.k8s.io", versions: ["v1beta1"] },
  { name: "metrics.k8s.io", versions: ["v1beta1"] },
] as const;

export type GroupName = (typeof groups)[number]["name"];

export const customGroup = "custom.metrics.k8s.io";
export const externalGroup = "external.metrics.k8s.io";
export const resourceGroup = "metrics.k8s.io";

/** The version that discovery prefers; of the custom group it lists no other, although the second is served. */
export const preferredVersion = "v1beta1";

export const isServed = (group: string, catalogue: Catalogue): group is GroupName => {
  if (group === customGroup) return catalogue.custom !== undefined;
  if (group === externalGroup) return catalogue.external !== undefined;
  return group === resourceGroup && catalogue.resources;
};

export const isVersion = (group: GroupName, version: string): boolean =>
  groups.some(({ name, versions }) => name === group && versions.some((one) => one === version));
