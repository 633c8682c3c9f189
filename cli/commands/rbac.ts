import { stringify } from "yaml";
import type { KubernetesSdConfig } from "../../lib/config/configuration.ts";
import { needsOf } from "../../lib/discovery/kubernetes/needs.ts";
import { planProviders } from "../../lib/discovery/plan.ts";
import { type Command, type Given, UsageError } from "../command.ts";
import { type ReadConfiguration, readConfiguration } from "../configuration.ts";
import { type Account, rbacManifest } from "../rbac/manifest.ts";

/** `rollcall rbac`: what a cluster's administrator applies so that Rollcall may read it, and nothing else. */
export const rbac: Command = {
  name: "rbac",
  summary: "write the rights that a configuration needs in a Kubernetes cluster",
  options: {
    config: { kind: "text", value: "FILE", isFile: true, about: "the prometheus.yml; needed" },
    settings: { kind: "text", value: "FILE", isFile: true, about: "a rollcall.yml with it" },
    kubeconfig: { kind: "text", value: "FILE", isFile: true, about: "as `up` takes it" },
    cluster: { kind: "text", value: "NAME", about: "which cluster, when the configuration has several" },
    name: { kind: "text", value: "NAME", about: "of all that is made; rollcall unless given" },
    namespace: { kind: "text", value: "NAME", about: "of the service account; rollcall unless given" },
    group: {
      kind: "text",
      value: "NAME",
      about: "give the rights to this group; no service account is made",
    },
  },
  details:
    "Writes a ServiceAccount with exactly the rights to list and watch what the jobs of the configuration read in the cluster,\nfor `kubectl apply -f -`: a ClusterRole for what is read everywhere, a Role for each single namespace. With --group the\nrights go to a group instead, such as that of an EKS access entry. The account's namespace must exist; it is what\n`own_namespace` means.",
  isPlain: true,
  asksNobody: true,
  run: async (given, io) => {
    const file = given.text("config");
    if (file === undefined) throw new UsageError("rbac needs --config FILE");
    const name = label("--name", given.text("name") ?? "rollcall");
    const namespace = label("--namespace", given.text("namespace") ?? "rollcall");
    const blocks = blocksOf(await readConfiguration(file, given), given.text("cluster"));
    const needs = await Promise.all(blocks.map((block) => needsOf(block, namespace)));
    const objects = rbacManifest(needs.flat(), { name, account: accountIn(given, namespace) });
    io.out.write(objects.map((object) => stringify(object)).join("---\n"));
    return 0;
  },
};

/** Names of Kubernetes objects that become parts of paths. */
const label = (option: string, text: string): string => {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new UsageError(`${option} ${text}: expected small letters, digits and hyphens, 63 at most`);
};

const accountIn = (given: Given, namespace: string): Account => {
  const group = given.text("group");
  if (group === undefined) return { kind: "ServiceAccount", namespace };
  if (given.text("namespace") !== undefined)
    throw new UsageError("--namespace is for a service account, --group for none");
  // Whoever is in one of the cluster's own groups has more than this.
  if (group.startsWith("system:"))
    throw new UsageError(`--group ${group}: groups of system: are Kubernetes' own`);
  return { kind: "Group", group };
};

const blocksOf = (read: ReadConfiguration, wanted: string | undefined): KubernetesSdConfig[] => {
  const { configuration, settings, servers } = read;
  const blocks = planProviders({ configuration, settings, servers, key: Buffer.alloc(32) }).flatMap(
    ({ cluster, config }) => (config.mechanism === "kubernetes" ? [{ cluster, config }] : []),
  );
  const clusters = [...new Set(blocks.map(({ cluster }) => cluster))];
  if (clusters.length === 0) throw new UsageError("the configuration looks at no Kubernetes cluster");
  const chosen = wanted ?? (clusters.length === 1 ? clusters[0] : undefined);
  if (chosen === undefined || !clusters.includes(chosen)) {
    throw new UsageError(`--cluster ${wanted ?? "NAME"}: expected one of ${clusters.join(", ")}`);
  }
  return blocks.filter(({ cluster }) => cluster === chosen).map(({ config }) => config);
};
