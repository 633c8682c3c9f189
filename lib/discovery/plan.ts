import type {
  Configuration,
  KubernetesSdConfig,
  KubernetesServer,
  SdConfig,
} from "../config/configuration.ts";
import {
  type ClusterSettings,
  type FollowMode,
  isKubernetes,
  type KubernetesCluster,
  type Settings,
} from "../config/settings.ts";
import { withoutLogin } from "../http/place.ts";
import { canonicalConfig, providerId } from "./canonical.ts";
import { followedBy, inOneWay } from "./followed.ts";
import type { Provider } from "./provider.ts";

/** Between looks at a cluster that the settings say nothing about. */
export const defaultEvery = 60_000;

export interface PlanInput {
  readonly configuration: Configuration;
  readonly settings: Settings;
  /** The table's random key for provider identifiers. */
  readonly key: Uint8Array;
  /** Where each kubeconfig's current context points, by the file's path; a file that could not be read is absent. */
  readonly servers: Readonly<Record<string, string>>;
  /** Who keeps up with clusters whose settings do not say; the schedule unless told. */
  readonly follow?: FollowMode | undefined;
}

/**
 * Who is to be looked at: one provider per distinct configuration, shared by the jobs that have it equal
 * (spec §1.3), and the cluster that each is looked at with (design §1).
 */
export const planProviders = (input: PlanInput): Provider[] => {
  const planned = new Map<string, Provider>();
  for (const job of input.configuration.jobs) {
    for (const config of job.sdConfigs) {
      for (const provider of spread(config, job.name, input)) add(planned, provider, job.name);
    }
  }
  return inOneWay([...planned.values()]);
};

const add = (planned: Map<string, Provider>, provider: Provider, job: string) => {
  const known = planned.get(provider.id);
  if (known === undefined) planned.set(provider.id, provider);
  else if (!known.jobs.includes(job)) planned.set(provider.id, { ...known, jobs: [...known.jobs, job] });
};

/** A Kubernetes block that names no cluster stands for every Kubernetes cluster of the settings (design §3.7). */
const spread = (config: SdConfig, job: string, input: PlanInput): Provider[] => {
  if (config.mechanism !== "kubernetes" || config.access.kind !== "default") {
    return [provide(config, job, input, named(config, input))];
  }
  const entries = input.settings.clusters.filter(isKubernetes);
  const chosen = entries.filter((entry) => narrowed(entry, job, input.settings));
  if (entries.length === 0) return [provide(inCluster(config), job, input, undefined)];
  return chosen.map((entry) => provide(withAccess(config, entry), job, input, entry));
};

const inCluster = (config: KubernetesSdConfig): KubernetesSdConfig => ({
  ...config,
  access: { kind: "in-cluster" },
});

const withAccess = (config: KubernetesSdConfig, { access }: KubernetesCluster): KubernetesSdConfig => ({
  ...config,
  access,
});

const narrowed = (entry: ClusterSettings, job: string, settings: Settings) => {
  const globs = settings.jobs.find((one) => one.name === job)?.clusters;
  return globs === undefined || globs.some((glob) => matchesGlob(glob, entry.name ?? ""));
};

/** `*` stands for any run of characters; nothing else is special. */
export const matchesGlob = (glob: string, text: string): boolean => {
  const parts = glob.split("*");
  if (parts.length === 1) return glob === text;
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found === -1 || found + part.length > text.length - last.length) return false;
    from = found + part.length;
  }
  return true;
};

const provide = (
  config: SdConfig,
  job: string,
  input: PlanInput,
  entry: ClusterSettings | undefined,
): Provider => {
  const id = providerId(config, input.key, entry?.name);
  const alone = config.mechanism !== "kubernetes";
  const every = entry?.every ?? intervalOf(config);
  return {
    id,
    config,
    cluster: entry?.name ?? (alone ? id : serverOf(config, input.servers)),
    ...(entry?.name === undefined ? {} : { clusterName: entry.name }),
    jobs: [job],
    every,
    follow: followedBy(config, every, { asked: entry?.follow, otherwise: input.follow ?? "schedule" }),
  };
};

/** Files are cheap to read, and upstream reads them at each change: once a minute at least stands for that. */
const intervalOf = (config: SdConfig): number => {
  if (config.mechanism === "file") return Math.min(config.refreshInterval, defaultEvery);
  return "refreshInterval" in config ? config.refreshInterval : defaultEvery;
};

/** The settings entry that speaks of the same API server, the same masters or the same Docker daemon. */
const named = (config: SdConfig, input: PlanInput): ClusterSettings | undefined =>
  input.settings.clusters.find((entry) => {
    const { access } = entry;
    if (config.mechanism === "swarm") {
      return access.kind === "masters" && canonicalConfig(access.masters) === canonicalConfig(config.masters);
    }
    if (config.mechanism === "docker" || config.mechanism === "dockerswarm") {
      return access.kind === "host" && withoutUserinfo(access.host) === withoutUserinfo(config.host);
    }
    if (config.mechanism !== "kubernetes" || config.access.kind === "default") return false;
    return (
      isKubernetes(entry) &&
      addressOf(entry.access, input.servers) === addressOf(config.access, input.servers)
    );
  });

const serverOf = (config: KubernetesSdConfig, servers: PlanInput["servers"]) =>
  config.access.kind === "default" ? "in-cluster" : addressOf(config.access, servers);

/** What identifies an API server to people: its URL without credentials, else the file that would have told it. */
export const addressOf = (access: KubernetesServer, servers: PlanInput["servers"]): string => {
  if (access.kind === "in-cluster") return "in-cluster";
  if (access.kind === "eks" && access.url === undefined) return `eks/${access.region}/${access.clusterName}`;
  if (access.kind === "kubeconfig") return withoutUserinfo(servers[access.file] ?? access.file);
  return withoutUserinfo(access.url ?? "");
};

const withoutUserinfo = (address: string) => {
  if (!URL.canParse(address)) return withoutLogin(address);
  const url = new URL(address);
  if (url.host === "") return withoutLogin(address);
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`;
};
