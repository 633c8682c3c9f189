import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { temporaryFolder } from "./folder.ts";
import { freePortsInARow } from "./ports.ts";
import { repository, runProgram } from "./process.ts";
import { onSignal } from "./signalled.ts";

/** A Kubernetes object as it is written; its status, if any, is set through the status subresource. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** etcd, kube-apiserver 1.20 and kube-controller-manager on loopback; no scheduler and no kubelet. */
export interface ControlPlane {
  readonly url: string;
  /** etcd's, plain HTTP. */
  readonly etcdUrl: string;
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly readerToken: string;
  readonly readerTokenFile: string;
  /** The certificate and key that the aggregator shows, issued by the front proxy's authority. */
  readonly aggregator: { readonly cert: string; readonly key: string };
  /** Sends one request as cluster-admin and returns the decoded answer; a status of 300 and above throws. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The answer as text. */
  read(path: string): Promise<string>;
  /** Creates objects, several at a time, in no order. */
  create(manifests: readonly Manifest[]): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneFlags {
  readonly apiServer?: string;
  readonly controllerManager?: string;
}

/** Starts a control plane of its own; fails when the repository does not stand beside its servers. */
export const startControlPlane = async (more: ControlPlaneFlags = {}): Promise<ControlPlane> => {
  const up = join(repository, "../shared/envtest/up");
  if (!existsSync(up)) throw new Error(`the suite needs a real kube-apiserver: ${up} is missing`);
  const folder = temporaryFolder("control-plane");
  const port = await freePortsInARow(4);
  const down = ["--down", folder.path];
  const forget = onSignal(() => spawnSync(up, down));
  const stop = async () => {
    await runProgram(up, down);
    forget();
    folder.remove();
  };
  try {
    await runProgram("env", [...flags(more), up, folder.path, String(port)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...openControlPlane(folder.path, port), stop };
};

/** Slices of version v1, two address families, and pods that stay though their node is unknown. */
const flags = ({ apiServer = "", controllerManager = "" }: ControlPlaneFlags) => [
  "ENDPOINTSLICE_V1=1",
  `KUBE_APISERVER_FLAGS=--feature-gates=IPv6DualStack=true --service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112 ${apiServer}`,
  `KUBE_CONTROLLER_MANAGER_FLAGS=--feature-gates=IPv6DualStack=true --controllers=-podgc ${controllerManager}`,
];

const openControlPlane = (folder: string, port: number): Omit<ControlPlane, "stop"> => {
  const file = (name: string) => join(folder, name);
  const url = `https://127.0.0.1:${port}`;
  const agent = new Agent({ ca: readFileSync(file("ca.crt")), keepAlive: true, maxSockets: 8 });
  const token = readFileSync(file("admin.token"), "utf8");
  const send = (asked: Asked) => exchange({ ...asked, url, agent, token });
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    JSON.parse(await send({ method, path, body }));
  const create = async (manifest: Manifest) => {
    await ask("POST", collectionOf(manifest), manifest);
    const { status } = manifest;
    if (status !== undefined) await ask("PATCH", `${pathOf(manifest)}/status`, { status });
  };
  return {
    url,
    etcdUrl: `http://127.0.0.1:${port + 1}`,
    ask,
    kubeconfig: file("kubeconfig"),
    caFile: file("ca.crt"),
    readerToken: readFileSync(file("reader.token"), "utf8"),
    readerTokenFile: file("reader.token"),
    aggregator: {
      cert: readFileSync(file("pki/aggregator.crt"), "utf8"),
      key: readFileSync(file("pki/aggregator.key"), "utf8"),
    },
    read: (path) => send({ method: "GET", path, body: undefined }),
    create: async (manifests) => void (await Promise.all(manifests.map(create))),
  };
};

export const pathOf = (manifest: Manifest) => `${collectionOf(manifest)}/${manifest.metadata.name}`;

const collectionOf = ({ apiVersion, kind, metadata }: Manifest) => {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const lower = kind.toLowerCase();
  const plural = kind === "Endpoints" ? lower : kind.endsWith("s") ? `${lower}es` : `${lower}s`;
  return metadata.namespace === undefined
    ? `${root}/${plural}`
    : `${root}/namespaces/${metadata.namespace}/${plural}`;
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const exchange = ({
  method,
  path,
  body,
  url,
  agent,
  token,
}: Asked & { url: string; agent: Agent; token: string }) =>
  new Promise<string>((resolve, reject) => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": type };
    const sent = request(new URL(path, url), { method, agent, headers, timeout: 20_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.once("error", reject);
      response.once("end", () => {
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 500)}`));
      });
    });
    sent.once("error", reject);
    sent.once("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 20 s`)));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

/** How many lists the API server has answered well, by resource, as its own metrics count them. */
export const answeredLists = (cluster: ControlPlane): Promise<Map<string, number>> =>
  answered(cluster, /verb="LIST".*code="200"|code="200".*verb="LIST"/);

/** By resource, the sum of a metric's lines that are so. A request of a watch is counted at its end. */
export const answered = async (
  cluster: ControlPlane,
  isSo: RegExp,
  metric = "apiserver_request_total",
): Promise<Map<string, number>> => {
  const requests = new Map<string, number>();
  for (const line of (await cluster.read("/metrics")).split("\n")) {
    const resource = /[{,]resource="([^"]+)"/.exec(line)?.[1];
    if (!line.startsWith(`${metric}{`) || !isSo.test(line) || resource === undefined) continue;
    requests.set(resource, (requests.get(resource) ?? 0) + Number(line.slice(line.lastIndexOf(" ") + 1)));
  }
  return requests;
};
