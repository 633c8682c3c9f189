import type { EndpointAddress, Endpoints, ObjectReference } from "./objects/endpoints.ts";
import type { Endpoint, EndpointSlice } from "./objects/endpointslice.ts";
import type { Ingress } from "./objects/ingress.ts";
import { type KubernetesObject, keyOf } from "./objects/meta.ts";
import type { Node } from "./objects/node.ts";
import type { Pod } from "./objects/pod.ts";
import type { Service } from "./objects/service.ts";
import type { ObjectChange } from "./reflector.ts";
import type { Objects, ResourceName } from "./resources.ts";

/** What the groups of one role are built of, and on which changes they are built anew (spec §2.2). */
export interface Reactions<T extends KubernetesObject> {
  /** A change of one of these rebuilds the group of that object. */
  readonly main: ResourceName;
  /** A change of another resource rebuilds the main objects that its test finds; without a test it rebuilds nothing. */
  readonly others: Others<T>;
}

type Others<T> = {
  readonly [Name in ResourceName]?: (change: ObjectChange<Objects[Name]>) => Test<T> | undefined;
};

type Test<T> = (object: T) => boolean;

/** The namespaces' own labels are the group's; one that comes or goes does so with everything in it. */
const inUpdatedNamespace = ({ key, before, after }: ObjectChange<KubernetesObject>) =>
  before && after && (({ meta }: KubernetesObject) => meta.namespace === key);

const controlledBy =
  (kind: string) =>
  ({ key }: ObjectChange<KubernetesObject>): Test<KubernetesObject> => {
    const [namespace, name] = key.split("/");
    return ({ meta }) =>
      meta.controller?.name === name && meta.controller?.kind === kind && meta.namespace === namespace;
  };

/** Pods come and go with the addresses that name them; their phase alone changes without (upstream does the same). */
const listingPodOfNewPhase = ({ key, before, after }: ObjectChange<Pod>): Test<Endpoints> | undefined => {
  if (before === undefined || after === undefined || before.phase === after.phase) return undefined;
  const isPod = ({ targetRef }: EndpointAddress) => targetRef?.kind === "Pod" && keyOf(targetRef) === key;
  return ({ subsets }) => subsets.some(({ addresses }) => addresses.some(isPod));
};

/** A bare address with only a node's name does not count. */
const nodeOf = ({ targetRef, nodeName }: Placed): string | undefined => {
  if (targetRef?.kind === "Node") return targetRef.name;
  return targetRef?.kind === "Pod" ? nodeName : undefined;
};

type Placed = (EndpointAddress | Endpoint) & { readonly targetRef: ObjectReference | undefined };

export const nodeReactions: Reactions<Node> = { main: "nodes", others: {} };

export const podReactions: Reactions<Pod> = {
  main: "pods",
  others: {
    nodes:
      ({ key }) =>
      (pod) =>
        pod.nodeName === key,
    namespaces: inUpdatedNamespace,
    replicaSets: controlledBy("ReplicaSet"),
    jobs: controlledBy("Job"),
  },
};

export const serviceReactions: Reactions<Service> = {
  main: "services",
  others: { namespaces: inUpdatedNamespace },
};

export const ingressReactions: Reactions<Ingress> = {
  main: "ingresses",
  others: { namespaces: inUpdatedNamespace },
};

/** ReplicaSets and Jobs are looked up when something else rebuilds. */
export const endpointsReactions: Reactions<Endpoints> = {
  main: "endpoints",
  others: {
    services:
      ({ key }) =>
      ({ meta }) =>
        keyOf(meta) === key,
    pods: listingPodOfNewPhase,
    nodes:
      ({ key }) =>
      ({ subsets }) =>
        subsets.some(({ addresses }) => addresses.some((address) => nodeOf(address) === key)),
    namespaces: inUpdatedNamespace,
  },
};

/** As upstream, nothing that happens to a pod rebuilds a slice. */
export const endpointSliceReactions: Reactions<EndpointSlice> = {
  main: "endpointSlices",
  others: {
    services: ({ key }) => {
      const [namespace, name] = key.split("/");
      return ({ meta }) => meta.labels["kubernetes.io/service-name"] === name && meta.namespace === namespace;
    },
    nodes:
      ({ key }) =>
      (slice) =>
        slice.endpoints.some((endpoint) => nodeOf(endpoint) === key),
    namespaces: inUpdatedNamespace,
  },
};
