import type { DemoObject, StoredObject } from "../../../local/demo/object.ts";

export const podOf = (
  name: string,
  { number, ip, node }: { number: string; ip: string | undefined; node: string },
): DemoObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop", labels: { number } },
  spec: { nodeName: node, containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 8080 }] }] },
  status: ip === undefined ? { phase: "Pending" } : { phase: "Running", podIP: ip },
});

export const nodeOf = (name: string, number: string): DemoObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { number } },
  spec: {},
  status: {
    addresses: [{ type: "InternalIP", address: `10.8.0.${name.split("-")[1]}` }],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
  },
});

export const serviceOf = (name: string, number: string): DemoObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop", labels: { number } },
  spec: { type: "ClusterIP", clusterIP: "10.96.0.1", ports: [{ port: 80, protocol: "TCP" }] },
});

export const endpointsOf = (name: string, number: string, count: number): DemoObject => ({
  apiVersion: "v1",
  kind: "Endpoints",
  metadata: { name, namespace: "shop", labels: { number } },
  subsets: [
    {
      addresses: Array.from({ length: count }, (_, index) => ({ ip: `10.3.${name.split("-")[1]}.${index}` })),
      ports: [{ port: 8080, protocol: "TCP" }],
    },
  ],
});

/** Who an object is; what else the server knows of it may be made anew. */
export const bare = ({ metadata: { name, namespace } }: StoredObject) => ({
  name,
  ...(namespace !== undefined && { namespace }),
});
