import type { Mapper, Resource } from "./mapper.ts";

/**
 * A mapper over the resources of a cluster in the order of its preference: groups as the API server lists them, the core group first, of each
 * group the preferred version first (apimachinery's `PriorityRESTMapper` over `DefaultRESTMapper`s).
 */
export const createMapper = (resources: readonly Resource[]): Mapper => {
  const byName = new Map<string, Resource[]>();
  for (const resource of resources) {
    const names = new Set(
      [resource.resource, resource.singular, resource.kind].map((name) => name.toLowerCase()),
    );
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), resource]);
  }
  return {
    resourceFor: (resource, group) => {
      const found = byName.get(resource.toLowerCase()) ?? [];
      if (group === undefined || group === "") return found[0];
      return found.find((one) => one.group === group) ?? found.find((one) => one.group.startsWith(group));
    },
  };
};

const core = (resource: string, singular: string, kind: string, namespaced: boolean): Resource => ({
  group: "",
  version: "v1",
  resource,
  singular,
  kind,
  namespaced,
});

export const namespaces = core("namespaces", "namespace", "Namespace", false);

/** What every cluster has and resource metrics are about: known before a cluster was asked. */
export const coreResources: readonly Resource[] = [
  namespaces,
  core("nodes", "node", "Node", false),
  core("pods", "pod", "Pod", true),
];
