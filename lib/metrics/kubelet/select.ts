import { isIP } from "node:net";
import type { MetricsNode } from "../cluster/node.ts";
import type { KubeletNode } from "./node.ts";

/** Those whose kubelets are asked, and why others are not; a node that is not ready is nobody's failure (spec A2 *Node selection*). */
export interface Selection {
  readonly nodes: readonly KubeletNode[];
  /** By the node's name. */
  readonly unreachable: ReadonlyMap<string, string>;
}

/** `hostIdAnnotation`: where a host's id is when the node does not say it itself; empty for nowhere. */
export const selectNodes = (nodes: readonly MetricsNode[], hostIdAnnotation: string): Selection => {
  const selected: KubeletNode[] = [];
  const unreachable = new Map<string, string>();
  for (const node of nodes) {
    if (node.ready !== undefined && node.ready !== "True") continue;
    const { name, annotations } = node.meta;
    const address = addressOf(node);
    if (address === undefined) {
      unreachable.set(name, "the node has no address of type InternalIP or ExternalIP");
      continue;
    }
    const hostname = node.addresses.findLast(({ type, address }) => type === "Hostname" && address !== "");
    selected.push({
      name,
      hostname: hostname?.address ?? name,
      hostId: node.externalId || (annotations[hostIdAnnotation] ?? ""),
      address,
      unschedulable: node.unschedulable,
    });
  }
  return { nodes: selected, unreachable };
};

/** The last internal address counts, an external one only before there is any. */
const addressOf = ({ addresses }: MetricsNode): string | undefined => {
  let chosen: string | undefined;
  for (const { type, address } of addresses) {
    if (isIP(address) === 0) continue;
    if (type === "InternalIP" || (type === "ExternalIP" && chosen === undefined)) chosen = address;
  }
  return chosen;
};
