import type { PlanReader } from "../../discovery/current.ts";
import { prefix } from "../../discovery/kubernetes/labels.ts";
import type { Provider } from "../../discovery/provider.ts";
import type { View } from "../../pool/view.ts";
import type { TargetGroup } from "../../targetgroup/targetgroup.ts";
import type { MetricsNode } from "./node.ts";

export interface NodesInPoolParts {
  readonly plan: PlanReader;
  /** Of the pool; kept warm from cycle to cycle. */
  readonly view: Pick<View, "groups" | "keepOnly">;
}

/** The nodes of a cluster as the pool has them. Rejects in one line when no job finds them, or none has yet. */
export type NodesInPool = (cluster: string) => Promise<readonly MetricsNode[]>;

/**
 * The nodes of jobs with the role `node` (`docs/labels.md`), so that the API server is not asked for them again. What a node's group does not say is
 * not known: what it has, whether it is schedulable, `spec.externalID`; names of its labels and annotations are those that the group has.
 */
export const createNodesInPool =
  ({ plan, view }: NodesInPoolParts): NodesInPool =>
  async (cluster) => {
    const finders = ((await plan())?.providers ?? []).filter(findsNodes);
    view.keepOnly(new Set(finders.map(({ id }) => id)));
    const own = finders.filter((provider) => provider.cluster === cluster);
    if (own.length === 0)
      throw new Error(`nodes=pool: no job of the configuration has role node for cluster ${cluster}`);
    const views = await Promise.all(own.map(({ id }) => view.groups(id)));
    const found = views.flatMap(({ entries }) => [...entries.values()].map(({ group }) => nodeFrom(group)));
    if (found.length === 0) throw new Error(`nodes=pool: the pool has no nodes of cluster ${cluster} yet`);
    return [...new Map(found.map((node) => [node.meta.name, node])).values()];
  };

const findsNodes = ({ config }: Provider) => config.mechanism === "kubernetes" && config.role === "node";

const nodeFrom = ({ labels, targets }: TargetGroup): MetricsNode => {
  const ready = labels[`${of}condition_ready`];
  return {
    meta: {
      name: labels[`${of}name`] ?? "",
      namespace: "",
      uid: "",
      resourceVersion: "",
      labels: below(labels, `${of}label_`),
      annotations: below(labels, `${of}annotation_`),
      controller: undefined,
    },
    addresses: Object.entries(below(targets[0] ?? {}, `${of}address_`)).map(([type, address]) => ({
      type,
      address,
    })),
    // A condition's status is in small letters there.
    ready: ready === "true" ? "True" : ready,
    unschedulable: false,
    externalId: "",
    amounts: undefined,
  };
};

const of = `${prefix}node_`;

const below = (labels: TargetGroup["labels"], start: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) =>
      name.startsWith(start) ? [[name.slice(start.length), value]] : [],
    ),
  );
