import type { Json } from "./objects/decode.ts";
import { decodeEndpoints, type Endpoints } from "./objects/endpoints.ts";
import { decodeEndpointSlice, type EndpointSlice } from "./objects/endpointslice.ts";
import { decodeIngress, type Ingress } from "./objects/ingress.ts";
import { decodeObject, type KubernetesObject } from "./objects/meta.ts";
import { decodeNode, type Node } from "./objects/node.ts";
import { decodePod, type Pod } from "./objects/pod.ts";
import { decodeService, type Service } from "./objects/service.ts";

/** One kind of object on the API server; only these versions are asked for (spec §2.2). */
export interface Resource<T extends KubernetesObject> {
  readonly name: string;
  /** The path before `/namespaces/…`. */
  readonly api: string;
  /** Discovery reads nothing but metadata, so the server need send no more. */
  readonly metadataOnly: boolean;
  /** Validates one object of a list and cuts it down; throws `field: expected …, got …`. */
  readonly decode: (object: Json) => T;
}

export const nodes: Resource<Node> = {
  name: "nodes",
  api: "/api/v1",
  metadataOnly: false,
  decode: decodeNode,
};

export const namespaces: Resource<KubernetesObject> = {
  name: "namespaces",
  api: "/api/v1",
  metadataOnly: true,
  decode: decodeObject,
};

export const pods: Resource<Pod> = { name: "pods", api: "/api/v1", metadataOnly: false, decode: decodePod };

export const services: Resource<Service> = {
  name: "services",
  api: "/api/v1",
  metadataOnly: false,
  decode: decodeService,
};

export const endpoints: Resource<Endpoints> = {
  name: "endpoints",
  api: "/api/v1",
  metadataOnly: false,
  decode: decodeEndpoints,
};

export const endpointSlices: Resource<EndpointSlice> = {
  name: "endpointslices",
  api: "/apis/discovery.k8s.io/v1",
  metadataOnly: false,
  decode: decodeEndpointSlice,
};

export const ingresses: Resource<Ingress> = {
  name: "ingresses",
  api: "/apis/networking.k8s.io/v1",
  metadataOnly: false,
  decode: decodeIngress,
};

export const replicaSets: Resource<KubernetesObject> = {
  name: "replicasets",
  api: "/apis/apps/v1",
  metadataOnly: true,
  decode: decodeObject,
};

export const jobs: Resource<KubernetesObject> = {
  name: "jobs",
  api: "/apis/batch/v1",
  metadataOnly: true,
  decode: decodeObject,
};

/** What each resource's objects are decoded to. */
export interface Objects {
  readonly nodes: Node;
  readonly namespaces: KubernetesObject;
  readonly pods: Pod;
  readonly services: Service;
  readonly endpoints: Endpoints;
  readonly endpointSlices: EndpointSlice;
  readonly ingresses: Ingress;
  readonly replicaSets: KubernetesObject;
  readonly jobs: KubernetesObject;
}

export type ResourceName = keyof Objects;
