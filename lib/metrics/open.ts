import { defaultHttpClient } from "../config/http-client.ts";
import {
  type ClientOptions,
  createClient,
  createKubeletTransport,
  transportOptions,
} from "../discovery/kubernetes/client.ts";
import { sanitise } from "../discovery/kubernetes/labels.ts";
import { createTransport } from "../http/client.ts";
import type { Transport } from "../http/transport.ts";
import { type ClusterLook, lookAtCluster } from "./cluster/look.ts";
import type { NodesInPool } from "./cluster/poolnodes.ts";
import { createKubelet } from "./kubelet/kubelet.ts";
import { selectNodes } from "./kubelet/select.ts";
import type { Collection } from "./plan.ts";
import type { MetricsSource } from "./source.ts";

/** A cluster at the time of a cycle; disposing of it closes its connections. */
export interface OpenedCluster extends AsyncDisposable {
  readonly look: ClusterLook;
  /** The kubelets to ask. */
  readonly sources: readonly MetricsSource[];
  /** Nodes that cannot be asked, and why. */
  readonly unreachable: ReadonlyMap<string, string>;
}

/** Looks at a cluster. Rejects in one line when its nodes cannot be listed. */
export type OpenCluster = (collection: Collection) => Promise<OpenedCluster>;

export interface OpenOptions extends ClientOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** For sources with `nodes=pool`. */
  readonly nodesInPool: NodesInPool;
}

export const createOpenCluster =
  (options: OpenOptions): OpenCluster =>
  async ({ cluster, access, server, source }) => {
    const client = await createClient(access, options);
    const api = server === undefined ? client : { ...client, server: new URL(server) };
    let kubelets: Transport | undefined;
    const close = () => {
      client.transport.close();
      kubelets?.close();
    };
    try {
      const { proxy, https, insecure } = source.kubelet;
      if (!proxy)
        kubelets = https
          ? await createKubeletTransport(access, { insecure }, options)
          : withoutCredentials(options);
      const signal = AbortSignal.timeout(lookMilliseconds);
      const isPool = source.nodesFrom === "pool";
      const inPool = isPool ? () => options.nodesInPool(cluster) : undefined;
      const look = await lookAtCluster({ ...api, signal, nodes: inPool });
      const annotation = isPool ? sanitise(source.hostIdAnnotation) : source.hostIdAnnotation;
      const { nodes, unreachable } = selectNodes(look.nodes, annotation);
      const parts = {
        kind: source.kind,
        settings: source.kubelet,
        transport: kubelets ?? client.transport,
        server: api.server,
        now: options.now,
      };
      return {
        look,
        sources: nodes.map((node) => createKubelet(node, parts)),
        unreachable,
        [Symbol.asyncDispose]: async () => close(),
      };
    } catch (error) {
      close();
      throw error;
    }
  };

/** Lists take seconds; what takes longer would come too late for the cycle. */
const lookMilliseconds = 20_000;

/** The port that speaks plain HTTP asks for no credentials, and anybody on the way could read them. */
const withoutCredentials = (options: ClientOptions): Transport =>
  createTransport({ ...defaultHttpClient, followRedirects: false }, transportOptions(options));
