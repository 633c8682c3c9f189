/** Objects as an API server sends them, with no more in them than a test needs. */
interface Owner {
  readonly kind: string;
  readonly name: string;
}

const meta = (name: string, more: object = {}) => ({ metadata: { name, namespace: "shop", ...more } });

export const podManifest = (
  name: string,
  { node = "n1", phase = "Running", owner, namespace = "shop" }: PodParts = {},
) => ({
  ...meta(name, {
    namespace,
    ...(owner && { ownerReferences: [{ ...owner, controller: true }] }),
  }),
  spec: { nodeName: node, containers: [{ name: "web", ports: [{ containerPort: 80 }] }] },
  status: { podIP: "10.0.0.1", phase },
});

interface PodParts {
  readonly node?: string;
  readonly phase?: string;
  readonly owner?: Owner;
  readonly namespace?: string;
}

export const nodeManifest = (name: string, labels: object = {}) => ({
  metadata: { name, labels },
  status: { addresses: [{ type: "InternalIP", address: "10.1.0.1" }] },
});

export const clusterWide = (name: string, labels: object = {}) => ({ metadata: { name, labels } });

export const controlled = (name: string, owner: Owner, namespace = "shop") =>
  meta(name, { namespace, ownerReferences: [{ ...owner, controller: true }] });

export const serviceManifest = (name: string, namespace = "shop") => ({
  ...meta(name, { namespace }),
  spec: { type: "ClusterIP", clusterIP: "10.2.0.1", ports: [{ port: 80 }] },
});

export const ingressManifest = (name: string, namespace = "shop") => ({
  ...meta(name, { namespace }),
  spec: { rules: [{ host: "example.org" }] },
});

/** An address that stands for a pod on a node, for a node, or for nothing (`bare`). */
export interface AddressParts {
  readonly pod?: string;
  readonly onNode?: string;
  readonly node?: string;
}

const referenceOf = ({ pod, node }: AddressParts) => {
  if (pod !== undefined) return { targetRef: { kind: "Pod", namespace: "shop", name: pod } };
  return node === undefined ? {} : { targetRef: { kind: "Node", name: node } };
};

const addressOf = (parts: AddressParts) => ({
  ...referenceOf(parts),
  ...(parts.onNode !== undefined && { nodeName: parts.onNode }),
});

export const endpointsManifest = (
  name: string,
  ready: readonly AddressParts[],
  notReady: readonly AddressParts[] = [],
  namespace = "shop",
) => ({
  ...meta(name, { namespace }),
  subsets: [
    {
      addresses: ready.map((parts) => ({ ip: "10.0.0.1", ...addressOf(parts) })),
      notReadyAddresses: notReady.map((parts) => ({ ip: "10.0.0.2", ...addressOf(parts) })),
      ports: [{ port: 80 }],
    },
  ],
});

export const sliceManifest = (
  name: string,
  service: string,
  endpoints: readonly AddressParts[],
  namespace = "shop",
) => ({
  ...meta(name, { namespace, labels: { "kubernetes.io/service-name": service } }),
  addressType: "IPv4",
  endpoints: endpoints.map((parts) => ({ addresses: ["10.0.0.1"], ...addressOf(parts) })),
  ports: [{ port: 80 }],
});
