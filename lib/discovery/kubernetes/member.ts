import { createHash } from "node:crypto";
import type { KubernetesAccess, KubernetesSdConfig } from "../../config/configuration.ts";
import { canonicalConfig } from "../canonical.ts";
import type { Provider } from "../provider.ts";
import type { Area } from "./look.ts";
import { type MountOptions, ownNamespace } from "./mounted.ts";

/** A provider that is known to be a Kubernetes one. */
export interface Member {
  readonly provider: Provider;
  readonly config: KubernetesSdConfig;
}

/** Who can share what one set of credentials may see. */
export interface Circle {
  /** Equal for equal accesses, secrets included; a hash, so that no secret lies about in a key. */
  readonly key: string;
  readonly access: KubernetesAccess;
  /** Those of whole clusters come first, so that the ones of single namespaces can share their lists. */
  readonly members: readonly Member[];
}

/** The Kubernetes providers among these, by their credentials. */
export const circlesOf = (providers: readonly Provider[]): Circle[] => {
  const circles = new Map<string, Circle & { readonly members: Member[] }>();
  for (const provider of providers) {
    const { config } = provider;
    if (config.mechanism !== "kubernetes") continue;
    const key = fingerprint(config.access);
    const circle = circles.get(key) ?? { key, access: config.access, members: [] };
    circle.members.push({ provider, config });
    circles.set(key, circle);
  }
  return [...circles.values()].map((circle) => ({ ...circle, members: wholeFirst(circle.members) }));
};

/** What a provider looks at, namespace by namespace. Throws one line when its own namespace is not to be found. */
export const areasOf = ({ provider, config }: Member, options: MountOptions): Area[] => {
  const { clusterName } = provider;
  const groupLabels = clusterName === undefined ? {} : { __meta_rollcall_cluster: clusterName };
  return namespacesOf(config, () => ownNamespace(options)).map((namespace) => ({
    namespace,
    config,
    groupLabels,
  }));
};

const fingerprint = (access: KubernetesAccess): string =>
  createHash("sha256").update(canonicalConfig(access)).digest("hex");

const wholeFirst = (members: readonly Member[]): Member[] =>
  members.toSorted((a, b) => Number(isNarrow(a.config)) - Number(isNarrow(b.config)));

const isNarrow = ({ namespaces }: KubernetesSdConfig) =>
  namespaces.ownNamespace || namespaces.names.length > 0;

/** `""` stands for all; nodes are in no namespace. */
export const namespacesOf = (
  { role, namespaces }: Pick<KubernetesSdConfig, "role" | "namespaces">,
  ownNamespace: () => string,
): string[] => {
  if (role === "node") return [""];
  const own = namespaces.ownNamespace ? [ownNamespace()] : [];
  const names = [...new Set([...namespaces.names, ...own])];
  return names.length === 0 || names.includes("") ? [""] : names;
};
