import { type Json, list, optionalBoolean, record, text } from "../../discovery/kubernetes/objects/decode.ts";
import { decodeMeta, type KubernetesObject } from "../../discovery/kubernetes/objects/meta.ts";
import { decodeConditions } from "../../discovery/kubernetes/objects/node.ts";
import type { Resource } from "../../discovery/kubernetes/resources.ts";
import { decodeResources, type Resources } from "./resources.ts";

/** What cluster metrics read of a node. */
export interface MetricsNode extends KubernetesObject {
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  /** Status of the condition `Ready`; undefined without one. */
  readonly ready: string | undefined;
  readonly unschedulable: boolean;
  readonly externalId: string;
  /** Undefined where nobody says what the node has. */
  readonly amounts: { readonly capacity: Resources; readonly allocatable: Resources } | undefined;
}

export const metricsNodes: Resource<MetricsNode> = {
  name: "nodes",
  api: "/api/v1",
  metadataOnly: false,
  decode: (object) => decodeMetricsNode(object),
};

const decodeMetricsNode = (object: Json): MetricsNode => {
  const spec = record(object.spec, "spec");
  const status = record(object.status, "status");
  return {
    meta: decodeMeta(object),
    addresses: list(status.addresses, "status.addresses", (item) => {
      const address = record(item, "status.addresses[]");
      return {
        type: text(address.type, "status.addresses[].type"),
        address: text(address.address, "status.addresses[].address"),
      };
    }),
    ready: decodeConditions(status).find(({ type }) => type === "Ready")?.status,
    unschedulable: optionalBoolean(spec.unschedulable, "spec.unschedulable") === true,
    externalId: text(spec.externalID, "spec.externalID"),
    amounts: {
      capacity: decodeResources(status.capacity, "status.capacity"),
      allocatable: decodeResources(status.allocatable, "status.allocatable"),
    },
  };
};
