import type { KubernetesRole, KubernetesSdConfig } from "../../config/configuration.ts";
import type { LabelSet } from "../../targetgroup/targetgroup.ts";
import { type Cache, type Caches, emptyCaches } from "./caches.ts";
import type { ListSelector } from "./list.ts";
import type { Listed, Lists } from "./lists.ts";
import type { GroupMemory } from "./memory.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import type { Seen } from "./outcome.ts";
import {
  endpointSliceReactions,
  endpointsReactions,
  ingressReactions,
  nodeReactions,
  podReactions,
  serviceReactions,
} from "./reactions.ts";
import { endpointsRole } from "./roles/endpoints.ts";
import { endpointSliceRole } from "./roles/endpointslice.ts";
import { ingressRole } from "./roles/ingress.ts";
import { nodeRole } from "./roles/node.ts";
import { podRole } from "./roles/pod.ts";
import { serviceRole } from "./roles/service.ts";
import { createView, type View, type ViewParts } from "./view.ts";

/** What one provider looks at in one namespace, or everywhere (`""`). */
export interface Area {
  readonly namespace: string;
  readonly config: KubernetesSdConfig;
  /** Labels that every group carries. */
  readonly groupLabels: LabelSet;
}

/** An area, and where a look at it gets what it needs. */
export interface Scope extends Area {
  readonly lists: Lists;
  readonly memory: GroupMemory;
}

/** Lists what the role needs and builds its groups; rejects as `viewOf` does. */
export const lookAtScope = async (scope: Scope): Promise<Seen> => (await viewOf(scope)).seen();

/**
 * Lists what the role needs. All of it is asked for before the first answer is waited for. Rejects when any of the lists
 * fails, with that list's reason: groups built without, say, the nodes would drop labels that are still true.
 */
export const viewOf = async (scope: Scope): Promise<View> => {
  const { lists, namespace } = scope;
  const main = selectorFor(scope, scope.config.role);
  switch (scope.config.role) {
    case "node":
      return view({ role: nodeRole, reactions: nodeReactions }, lists.nodes("", main), scope);
    case "pod":
      return view({ role: podRole, reactions: podReactions }, lists.pods(namespace, main), scope);
    case "service":
      return view({ role: serviceRole, reactions: serviceReactions }, lists.services(namespace, main), scope);
    case "endpoints":
      return view(
        { role: endpointsRole, reactions: endpointsReactions },
        lists.endpoints(namespace, main),
        scope,
      );
    case "endpointslice":
      return view(
        { role: endpointSliceRole, reactions: endpointSliceReactions },
        lists.endpointSlices(namespace, main),
        scope,
      );
    case "ingress":
      return view(
        { role: ingressRole, reactions: ingressReactions },
        lists.ingresses(namespace, main),
        scope,
      );
  }
};

const view = async <T extends KubernetesObject>(
  kind: Pick<ViewParts<T>, "role" | "reactions">,
  listed: Promise<Listed<T>>,
  scope: Scope,
): Promise<View> => {
  const [main, caches] = await Promise.all([listed, fillCaches(scope)]);
  return createView({ ...kind, main, caches, memory: scope.memory });
};

/** Only what the role reads is listed (spec §2.2); `pod_job_name` needs no Job, the owner's name is in the pod. */
const fillCaches = async (scope: Scope): Promise<Caches> => {
  const { namespace, lists, groupLabels, config } = scope;
  const attach = config.attachMetadata;
  const pods = hasPods.has(config.role);
  const backed = pods && config.role !== "pod";
  const cache = async <T>(needed: boolean, list: () => Promise<Listed<T>>): Promise<Cache<T>> =>
    needed ? (await list()).byKey : new Map();
  const [nodes, namespaces, services, backing, replicaSets, jobs] = await Promise.all([
    cache(pods && attach.node, () => lists.nodes("", selectorFor(scope, "node"))),
    cache(config.role !== "node" && attach.namespace, () => lists.namespaces("")),
    cache(backed, () => lists.services(namespace, selectorFor(scope, "service"))),
    cache(backed, () => lists.pods(namespace, selectorFor(scope, "pod"))),
    cache(pods && attach.deployment, () => lists.replicaSets(namespace)),
    cache(pods && attach.cronjob, () => lists.jobs(namespace)),
  ]);
  return {
    ...emptyCaches,
    groupLabels,
    attach,
    nodes,
    namespaces,
    services,
    pods: backing,
    replicaSets,
    jobs,
  };
};

const hasPods: ReadonlySet<KubernetesRole> = new Set(["pod", "endpoints", "endpointslice"] as const);

const selectorFor = ({ config }: Scope, role: KubernetesRole): ListSelector | undefined => {
  const found = config.selectors.find((selector) => selector.role === role);
  return found && { label: found.label, field: found.field };
};
