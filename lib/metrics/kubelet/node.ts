import type { Labels } from "../batch.ts";
import { label } from "../labels.ts";

/** The node that a kubelet speaks for (spec A2 *Node selection*). */
export interface KubeletNode {
  readonly name: string;
  readonly hostname: string;
  readonly hostId: string;
  /** An IP address, IPv6 without brackets. */
  readonly address: string;
  readonly unschedulable: boolean;
}

/** Labels that every set of this kubelet has. */
export const nodeLabels = ({ name, hostname, hostId }: KubeletNode): Labels => ({
  [label.nodename]: name,
  [label.hostname]: hostname,
  [label.hostId]: hostId,
});
