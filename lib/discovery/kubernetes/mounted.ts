import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { Environment } from "../../http/proxy.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

export interface MountOptions {
  /** Holds the API server's address; the process's own by default. */
  readonly environment?: Environment;
  /** Where the service account is mounted. */
  readonly serviceAccountFolder?: string;
}

/** What Kubernetes gives a pod to reach its API server with, read now. Throws one line naming what is missing. */
export const mountedConfig = (options: MountOptions): Kubeconfig => {
  const { environment = process.env, serviceAccountFolder: folder = mountedFolder } = options;
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = environment;
  if (host === "" || port === "") {
    throw new Error(`${outside}: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set`);
  }
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const token = readMounted(folder, "token").trim();
  const caData = Buffer.from(readMounted(folder, "ca.crt")).toString("base64");
  return {
    cluster: { name: "in-cluster", server, caData, skipTLSVerify: false },
    user: { name: "service-account", token },
  };
};

/** The service account's own namespace, as mounted and, like upstream, not trimmed. */
export const ownNamespace = ({ serviceAccountFolder = mountedFolder }: MountOptions = {}): string =>
  readMounted(serviceAccountFolder, "namespace");

/** Most often it was not meant at all: nothing said which cluster to look at. */
const outside =
  "not in a Kubernetes cluster, and none is named (--kubeconfig FILE, or clusters in the settings)";
const mountedFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

const readMounted = (folder: string, name: string): string => {
  const file = join(folder, name);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${outside}: cannot read ${file}`, { cause });
  }
};
