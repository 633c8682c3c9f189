import type { KubernetesServer } from "../config/configuration.ts";
import { defaultHttpClient } from "../config/http-client.ts";
import type { SourceCluster, SourceSettings } from "../config/metrics/settings.ts";
import { type ClusterSettings, isKubernetes, type Settings } from "../config/settings.ts";
import { addressOf, matchesGlob } from "../discovery/plan.ts";

/** One cluster whose metrics are collected, and how. */
export interface Collection {
  /** Its name in the settings, else its API server: what batches and records are kept under. */
  readonly cluster: string;
  /** Only the name. */
  readonly clusterName?: string;
  readonly source: SourceSettings;
  readonly access: KubernetesServer;
  /** Stands in for the API server that the access names. */
  readonly server?: string;
}

interface Planned {
  readonly collections: readonly Collection[];
  /** One line each: sources that come to nothing. */
  readonly problems: readonly string[];
}

type Servers = Readonly<Record<string, string>>;

/** Whose metrics the settings' sources come to. Of two sources of one cluster the first counts. `servers` is where kubeconfigs point. */
export const planCollections = ({ clusters, metrics }: Settings, servers: Servers): Planned => {
  const planned = new Map<string, Collection>();
  const problems: string[] = [];
  for (const source of metrics?.sources ?? []) {
    const found = reached(source.cluster, clusters, servers).map((one) => ({ ...one, source }));
    if (found.length === 0) problems.push(`no cluster of the settings fits source ${source.kind}`);
    for (const collection of found) {
      if (planned.has(collection.cluster)) problems.push(`${collection.cluster} has more than one source`);
      else planned.set(collection.cluster, collection);
    }
  }
  return { collections: [...planned.values()], problems };
};

type Reached = Omit<Collection, "source">;

const reached = (
  wanted: SourceCluster,
  clusters: readonly ClusterSettings[],
  servers: Servers,
): Reached[] => {
  const known = clusters.filter(isKubernetes).map(({ name, access }): Reached => {
    const cluster = name ?? addressOf(access, servers);
    return { cluster, ...(name !== undefined && { clusterName: name }), access };
  });
  if (wanted.kind === "settings") {
    if (known.length === 0 && wanted.glob === "*")
      return [{ cluster: "in-cluster", access: { kind: "in-cluster" } }];
    return known.filter(({ clusterName = "" }) => matchesGlob(wanted.glob, clusterName));
  }
  const named = (access: KubernetesServer) =>
    known.find((one) => addressOf(one.access, servers) === addressOf(access, servers));
  const own = accessOf(wanted);
  const address = addressOf(addressed(wanted, own), servers);
  const settled = named(addressed(wanted, own));
  const name = settled?.clusterName;
  if (wanted.kind === "server" && settled !== undefined) return [settled];
  const server = "server" in wanted && wanted.kind !== "bare" ? wanted.server : undefined;
  return [
    { cluster: name ?? address, ...(name && { clusterName: name }), access: own, ...(server && { server }) },
  ];
};

/** By what the cluster is known to others: the address that is written, else where the credentials point. */
const addressed = (wanted: SourceCluster, access: KubernetesServer): KubernetesServer =>
  "server" in wanted && wanted.server !== undefined
    ? { kind: "api-server", url: wanted.server, httpClient: defaultHttpClient }
    : access;

const accessOf = (wanted: Exclude<SourceCluster, { kind: "settings" }>): KubernetesServer => {
  if (wanted.kind === "server") return { kind: "in-cluster" };
  if (wanted.kind === "kubeconfig") return { kind: "kubeconfig", file: wanted.file };
  const { server: url, serviceAccount, insecure } = wanted;
  const tls = { ...defaultHttpClient.tls, insecureSkipVerify: insecure };
  const authorization = { type: "Bearer", credentialsFile: mountedToken };
  return {
    kind: "api-server",
    url,
    httpClient: { ...defaultHttpClient, tls, ...(serviceAccount && { authorization }) },
  };
};

const mountedToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";
