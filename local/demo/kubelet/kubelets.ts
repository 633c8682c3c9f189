import type { IncomingMessage, RequestListener } from "node:http";
import { isBearer } from "../bearer.ts";
import type { Cluster, NodeState } from "../cluster.ts";
import { type Listener, listen, type Tls } from "../listener.ts";
import { containerInfosOf } from "./containers.ts";
import { summaryOf } from "./summary.ts";
import { createUsage, type ReadUse } from "./usage.ts";

/** The kubelets of the demo cluster: HTTPS on each node's own loopback address, one port for all. */
export interface Kubelets {
  readonly port: number;
  close(): Promise<void>;
}

export interface KubeletsOptions {
  readonly cluster: Cluster;
  /** 0: any free one. */
  readonly port: number;
  readonly tls: Tls;
  /** The bearer token that they want. */
  readonly token: string;
}

/**
 * Undefined on a machine whose loopback network is one address alone: only Linux has all of 127.0.0.0/8. Rejects when the port is taken.
 */
export const startKubelets = async (options: KubeletsOptions): Promise<Kubelets | undefined> => {
  const { cluster, tls } = options;
  const readUse = createUsage(cluster);
  const listeners: Listener[] = [];
  const close = async () => void (await Promise.all(listeners.map((one) => one.close())));
  let { port } = options;
  try {
    for (const node of cluster.nodes) {
      const handler = kubeletHandler(node, { ...options, readUse });
      const listener = await listen(handler, { port, tls, host: node.address });
      listeners.push(listener);
      port = listener.port;
    }
  } catch (error) {
    await close();
    if (error instanceof Error && "code" in error && error.code === "EADDRNOTAVAIL") return undefined;
    throw error;
  }
  return { port, close };
};

type Parts = KubeletsOptions & { readonly readUse: ReadUse };

const kubeletHandler =
  (node: NodeState, parts: Parts): RequestListener =>
  (request, response) => {
    // The body of a question to cAdvisor: its window is all that counts, and what we have is always of now.
    request.resume();
    // Nobody hears of a node that does not answer.
    if (node.stage !== "ready") return void response.destroy();
    const { code, type, body } = answerTo(request, node, parts);
    response.writeHead(code, { "Content-Type": type }).end(body);
  };

interface Told {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

const answerTo = (request: IncomingMessage, node: NodeState, { cluster, readUse, token }: Parts): Told => {
  if (!isBearer(request, token)) return plain(401, "Unauthorized");
  const path = (request.url ?? "/").replace(/\?.*$/s, "").replace(/\/+$/, "");
  if (path === "/healthz") return plain(200, "ok");
  const asked = questions.find((one) => one.path === path);
  if (asked === undefined) return plain(404, "404 page not found");
  if (request.method !== asked.method) return plain(405, "405: Method Not Allowed");
  const body = JSON.stringify(asked.shape(readUse(node), cluster.clock()));
  return { code: 200, type: "application/json", body };
};

const questions = [
  { path: "/stats/summary", method: "GET", shape: summaryOf },
  { path: "/stats/container", method: "POST", shape: containerInfosOf },
] as const;

const plain = (code: number, body: string): Told => ({ code, type: "text/plain; charset=utf-8", body });
