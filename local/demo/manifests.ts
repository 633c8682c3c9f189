import { appManifests } from "./appmanifests.ts";
import { namespaces } from "./catalogue.ts";
import type { Cluster, NodeState } from "./cluster.ts";
import { endpointManifests } from "./endpointmanifests.ts";
import { jobManifests } from "./jobmanifests.ts";
import type { DemoObject } from "./object.ts";
import { podManifest } from "./podmanifest.ts";
import { ingress, serviceManifest } from "./servicemanifest.ts";
import { timeOf } from "./time.ts";

/** Every object of the cluster as it stands, in the order in which a real one would create them. */
export const manifestsOf = (cluster: Cluster): DemoObject[] => [
  ...namespaces.map(namespaceManifest),
  ...cluster.nodes.filter((node) => node.stage !== "gone").map(nodeManifest),
  ...cluster.apps.flatMap((app) => (app.plan.service === undefined ? [] : [serviceManifest(app)])),
  ingress,
  ...cluster.apps.flatMap((app) => appManifests(cluster, app)),
  ...cluster.crons.flatMap((cron) => jobManifests(cluster, cron)),
  ...[...cluster.pods].map(podManifest),
  ...cluster.apps.flatMap((app) => endpointManifests(cluster, app)),
];

const namespaceManifest = (name: string): DemoObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
  spec: { finalizers: ["kubernetes"] },
  status: { phase: "Active" },
});

const nodeManifest = (node: NodeState): DemoObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: node.name,
    uid: node.uid,
    labels: {
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": node.name,
      "kubernetes.io/os": "linux",
      "node.kubernetes.io/instance-type": "demo.large",
      "topology.kubernetes.io/zone": node.zone,
    },
    annotations: { "node.alpha.kubernetes.io/ttl": "0" },
  },
  spec: { podCIDR: `127.10.${node.index}.0/24`, providerID: `demo:///${node.zone}/${node.name}` },
  status: {
    addresses: [
      { type: "InternalIP", address: node.address },
      { type: "Hostname", address: node.name },
    ],
    capacity: { cpu: "4", memory: "16Gi", pods: "250" },
    allocatable: { cpu: "3800m", memory: "15Gi", pods: "250" },
    conditions: [readiness(node)],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: { kubeletVersion: "v1.34.0", operatingSystem: "linux", architecture: "amd64" },
  },
});

const readiness = (node: NodeState) => ({
  type: "Ready",
  status: node.stage === "ready" ? "True" : "Unknown",
  reason: node.stage === "ready" ? "KubeletReady" : "NodeStatusUnknown",
  lastTransitionTime: timeOf(node.since),
});
