import type { DockerSwarmRole, KubernetesRole, SdConfig } from "../config/configuration.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";
import type { ObjectKind, ObjectQuestion } from "./question.ts";
import { few } from "./words.ts";

/** A discovered label that names an object of the kind. */
interface Carrier {
  readonly kind: ObjectKind;
  readonly label: string;
  /** Only where this label has this value. */
  readonly when?: readonly [label: string, value: string];
}

export interface NamedObject {
  readonly kind: ObjectKind;
  /** Absent for what has none. */
  readonly namespace?: string;
  readonly name: string;
}

/** How targets of these blocks name what they stand for; none where targets are only addresses. */
const carriersOf = (config: SdConfig): readonly Carrier[] => {
  if (config.mechanism === "kubernetes") return ofKubernetes[config.role];
  if (config.mechanism === "dockerswarm") return ofSwarm[config.role];
  if (config.mechanism === "docker") return ofContainers;
  return config.mechanism === "swarm" ? [{ kind: "node", label: "__meta_swarm_node_name" }] : [];
};

/** Whether targets of these blocks can stand for such an object. */
export const canStandFor = (config: SdConfig, { kind, namespace }: ObjectQuestion): boolean => {
  const carriers = carriersOf(config).filter((carrier) => kind === undefined || carrier.kind === kind);
  if (carriers.length === 0) return false;
  return namespace === undefined || (config.mechanism === "kubernetes" && config.role !== "node");
};

/** Gives the object that was asked for, if a target stands for it. Called for every target of a provider. */
export const createNamer = (
  config: SdConfig,
  question: ObjectQuestion,
): ((target: LabelSet, group: LabelSet) => NamedObject | undefined) => {
  const { name } = question;
  // Docker puts a slash before a container's name.
  const slashed = `/${name}`;
  const carriers = carriersOf(config).filter(
    ({ kind }) => question.kind === undefined || question.kind === kind,
  );
  return (target, group) => {
    const get = (label: string) => target[label] ?? group[label];
    for (const { kind, label, when } of carriers) {
      const found = get(label);
      if (found !== name && found !== slashed) continue;
      if (when !== undefined && get(when[0]) !== when[1]) continue;
      const namespace = kind === "node" ? undefined : get("__meta_kubernetes_namespace");
      if (question.namespace !== undefined && question.namespace !== namespace) continue;
      return { kind, name, ...(namespace !== undefined && { namespace }) };
    }
    return undefined;
  };
};

export const objectText = ({ kind, namespace, name }: NamedObject): string =>
  [kind, namespace, name].filter((part) => part !== undefined).join("/");

/** Several objects of one name, if a namespace was not given: one line that says so. Across clusters a name is the same object's. */
export const ambiguity = (
  { text, namespace }: ObjectQuestion,
  found: readonly { readonly object?: NamedObject | undefined }[],
): string | undefined => {
  if (namespace !== undefined) return undefined;
  const objects = new Map<string, NamedObject>();
  for (const { object } of found) if (object !== undefined) objects.set(objectText(object), object);
  const places = new Set([...objects.values()].map((object) => object.namespace));
  if (places.size <= 1) return undefined;
  return `${text} may be ${few([...objects.keys()].sort(), 10)}: say which`;
};

/** The sources under which blocks of Kubernetes may have had it; none for what only a label names. */
export const sourcesOf = ({ kind, namespace, name }: ObjectQuestion, role: KubernetesRole): string[] => {
  if (role === "node") return kind === "node" || kind === undefined ? [`node/${name}`] : [];
  if (namespace === undefined) return [];
  const own = role === "service" ? "svc" : role;
  // Endpoints are called like their service.
  const isOwn = kind === undefined || kind === role || (kind === "service" && role === "endpoints");
  return isOwn ? [`${own}/${namespace}/${name}`] : [];
};

const kubernetes = "__meta_kubernetes_";
const carrier = (kind: ObjectKind): Carrier => ({ kind, label: `${kubernetes}${kind}_name` });

const behind = (role: string): readonly Carrier[] =>
  (["Pod", "Node"] as const).map((value) => ({
    kind: value === "Pod" ? "pod" : "node",
    label: `${kubernetes}${role}_address_target_name`,
    when: [`${kubernetes}${role}_address_target_kind`, value],
  }));

const ofKubernetes: Readonly<Record<KubernetesRole, readonly Carrier[]>> = {
  pod: [carrier("pod")],
  service: [carrier("service")],
  endpoints: [carrier("endpoints"), carrier("service"), carrier("pod"), ...behind("endpoint")],
  endpointslice: [carrier("endpointslice"), carrier("service"), carrier("pod"), ...behind("endpointslice")],
  node: [carrier("node")],
  ingress: [carrier("ingress")],
};

const swarm = "__meta_dockerswarm_";

const ofSwarm: Readonly<Record<DockerSwarmRole, readonly Carrier[]>> = {
  services: [
    { kind: "service", label: `${swarm}service_name` },
    { kind: "service", label: `${swarm}service_id` },
  ],
  tasks: [
    { kind: "task", label: `${swarm}task_id` },
    { kind: "service", label: `${swarm}service_name` },
  ],
  nodes: [
    { kind: "node", label: `${swarm}node_hostname` },
    { kind: "node", label: `${swarm}node_id` },
  ],
};

const ofContainers: readonly Carrier[] = [
  { kind: "container", label: "__meta_docker_container_name" },
  { kind: "container", label: "__meta_docker_container_id" },
];
