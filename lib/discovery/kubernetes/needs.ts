import type { KubernetesSdConfig } from "../../config/configuration.ts";
import type { Listed, Lister, Lists } from "./lists.ts";
import { viewOf } from "./look.ts";
import { namespacesOf } from "./member.ts";
import { createGroupMemory } from "./memory.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import * as resources from "./resources.ts";

/** Something that is listed and watched. */
export interface Need {
  /** As the API server calls it, such as `endpointslices`. */
  readonly resource: string;
  /** Its API's, such as `discovery.k8s.io`; empty for the core. */
  readonly group: string;
  /** Empty: in all namespaces, or in none. */
  readonly namespace: string;
}

/**
 * Everything that a provider lists and watches, found out by its own look at a cluster with nothing in it. `ownNamespace` is
 * the one that `own_namespace` means.
 */
export const needsOf = async (config: KubernetesSdConfig, ownNamespace: string): Promise<Need[]> => {
  const needs: Need[] = [];
  const lister =
    <T extends KubernetesObject>({ name, api }: resources.Resource<T>): Lister<T> =>
    async (namespace) => {
      needs.push({ resource: name, group: /^\/apis\/([^/]+)\//.exec(api)?.[1] ?? "", namespace });
      return { objects: [], byKey: new Map(), find: () => [] } satisfies Listed<T>;
    };
  const lists: Lists = {
    nodes: lister(resources.nodes),
    namespaces: lister(resources.namespaces),
    pods: lister(resources.pods),
    services: lister(resources.services),
    endpoints: lister(resources.endpoints),
    endpointSlices: lister(resources.endpointSlices),
    ingresses: lister(resources.ingresses),
    replicaSets: lister(resources.replicaSets),
    jobs: lister(resources.jobs),
  };
  for (const namespace of namespacesOf(config, () => ownNamespace)) {
    await viewOf({ config, namespace, groupLabels: {}, lists, memory: createGroupMemory() });
  }
  return needs;
};
