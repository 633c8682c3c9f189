import { type ListOptions, listAll } from "../../discovery/kubernetes/list.ts";
import { everything } from "../../discovery/kubernetes/lists.ts";
import { type KubernetesObject, keyOf } from "../../discovery/kubernetes/objects/meta.ts";
import { namespaces, type Resource } from "../../discovery/kubernetes/resources.ts";
import { reasonOf } from "../../errors.ts";
import { type MetricsNode, metricsNodes } from "./node.ts";
import { type MetricsPod, metricsPods } from "./pod.ts";

/** What the API server says of a cluster at the time of a batch. */
export interface ClusterLook {
  readonly nodes: readonly MetricsNode[];
  /** By `<namespace>/<name>`. */
  readonly pods: ReadonlyMap<string, MetricsPod>;
  /** The UID of each namespace by its name. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** One line each: what could not be had. */
  readonly problems: readonly string[];
}

export interface LookOptions extends ListOptions {
  /** Says which nodes there are instead of the API server. */
  readonly nodes?: (() => Promise<readonly MetricsNode[]>) | undefined;
}

/**
 * Lists nodes, pods and namespaces. Rejects when there is no list of nodes, since nobody is known to be asked; without the others a batch only
 * lacks what they would add, and says so.
 */
export const lookAtCluster = async (options: LookOptions): Promise<ClusterLook> => {
  const problems: string[] = [];
  const list = <T extends KubernetesObject>(resource: Resource<T>) =>
    listAll({ resource, namespace: "", selector: everything }, options);
  const unlessItFails = async <T>(listed: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await listed;
    } catch (error) {
      problems.push(reasonOf(error));
      return [];
    }
  };
  const [nodes, pods, spaces] = await Promise.all([
    options.nodes?.() ?? list(metricsNodes),
    unlessItFails(list(metricsPods)),
    unlessItFails(list(namespaces)),
  ]);
  return {
    nodes,
    pods: new Map(pods.map((pod) => [keyOf(pod.meta), pod])),
    namespaces: new Map(spaces.map(({ meta }) => [meta.name, meta.uid])),
    problems,
  };
};
