import assert from "node:assert/strict";
import type { ControlPlane, Manifest } from "../control-plane.ts";
import type { Agreed } from "../judge.ts";
import { podStatus } from "../world/pods.ts";

/**
 * Endpoints and slices by hand, one for each way in which something that they show can change, so that no other change
 * rebuilds them by chance (spec §2.2).
 */
export const setReactions = async (cluster: ControlPlane): Promise<void> => {
  await cluster.ask("PATCH", `/api/v1/nodes/${node}`, { metadata: { labels: before } });
  await cluster.create([...Object.entries(pods).map(([name, ip]) => podOf(name, ip)), service]);
  const ofPod = (name: keyof typeof pods) => ({
    ip: pods[name],
    targetRef: { kind: "Pod", namespace: "shop", name: `react-${name}` },
  });
  const addresses: Readonly<Record<string, Address>> = {
    labelled: ofPod("labelled"),
    phased: ofPod("phased"),
    placed: { ...ofPod("placed"), nodeName: node },
    bare: { ip: "10.7.1.4", nodeName: node },
    served: { ip: "10.7.1.5" },
  };
  await cluster.create(Object.entries(addresses).flatMap(([name, address]) => bothOf(name, address)));
};

/** A pod's label, a pod's phase, a node's label and a service's label. */
export const provoke = async (cluster: ControlPlane): Promise<void> => {
  const changed = { metadata: { labels: { react: "after" } } };
  await cluster.ask("PATCH", `${shop}/pods/react-labelled`, changed);
  await cluster.ask("PATCH", `${shop}/pods/react-phased/status`, { status: { phase: "Failed" } });
  await cluster.ask("PATCH", `/api/v1/nodes/${node}`, changed);
  await cluster.ask("PATCH", `${shop}/services/react-served`, changed);
};

/** What has been rebuilt by now shows the change; what is not rebuilt for it still shows what was. */
export const assertReactions = (agreed: Agreed): void => {
  for (const [place, once] of reactions) assert.equal(shown(agreed, place), once, place.join());
};

/** Once they have been built anew, all show what is. */
export const assertFresh = (agreed: Agreed): void => {
  for (const [place, once, fresh = once] of reactions)
    assert.equal(shown(agreed, place), fresh, place.join());
};

/** A job, one of its objects and a label. */
type Place = readonly [job: string, name: string, label: string];

const shown = ({ targets }: Agreed, [job, name, label]: Place) =>
  targets.get(job)?.find((labels) => nameLabels.some((each) => labels[each] === `react-${name}`))?.[
    `__meta_kubernetes_${label}`
  ];

const nameLabels = ["endpoints", "endpointslice", "pod"].map((kind) => `__meta_kubernetes_${kind}_name`);

/** Where a change shows, what is there soon after it, and, where that is not yet what is, what a rebuild makes of it. */
const reactions: readonly (readonly [Place, string, string?])[] = [
  [["pod", "labelled", "pod_label_react"], "after"],
  [["endpoints", "labelled", "pod_label_react"], "before", "after"],
  [["endpointslice", "labelled", "pod_label_react"], "before", "after"],
  [["pod", "phased", "pod_phase"], "Failed"],
  [["endpoints", "phased", "pod_phase"], "Failed"],
  [["endpointslice", "phased", "pod_phase"], "Running", "Failed"],
  [["pod-attach-node", "placed", "node_label_react"], "after"],
  [["endpoints-attach-node", "placed", "node_label_react"], "after"],
  [["endpointslice-attach-node", "placed", "node_label_react"], "after"],
  [["endpoints-attach-node", "bare", "node_label_react"], "before", "after"],
  [["endpointslice-attach-node", "bare", "node_label_react"], "before", "after"],
  [["endpoints", "served", "service_label_react"], "after"],
  [["endpointslice", "served", "service_label_react"], "after"],
];

const shop = "/api/v1/namespaces/shop";
const node = "node-change";
const before = { react: "before" };
const pods = { labelled: "10.7.1.1", phased: "10.7.1.2", placed: "10.7.1.3" };

interface Address {
  readonly ip: string;
  readonly nodeName?: string;
  readonly targetRef?: object;
}

const inShop = (name: string, labels: object = {}) => ({ name: `react-${name}`, namespace: "shop", labels });

const podOf = (name: string, ip: string): Manifest => {
  const containers = [{ name: "main", image: "main:1", ports: [{ containerPort: 8080, protocol: "TCP" }] }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: inShop(name, before),
    spec: { containers, nodeName: node },
    status: podStatus({ ip, ready: "True", containers }),
  };
};

const service: Manifest = {
  apiVersion: "v1",
  kind: "Service",
  metadata: inShop("served", before),
  spec: { ports: [{ port: 80 }] },
};

const bothOf = (name: string, { ip, ...rest }: Address): Manifest[] => [
  {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: inShop(name),
    subsets: [{ addresses: [{ ip, ...rest }], ports: [{ name: "http", port: 8080 }] }],
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: inShop(name, { "kubernetes.io/service-name": `react-${name}` }),
    addressType: "IPv4",
    endpoints: [{ addresses: [ip], ...rest }],
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  },
];
