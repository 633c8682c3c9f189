import { gauge, type MetricSet } from "../batch.ts";
import type { MetricsNode } from "../cluster/node.ts";
import { nodeKey } from "../key.ts";
import type { Processor } from "../processor.ts";
import type { LabelCopier } from "./labelcopier.ts";

export interface NodeAutoscalingParts {
  readonly nodes: readonly MetricsNode[];
  readonly copyLabels: LabelCopier;
}

/**
 * Shares of what a node has that are in use or asked for (spec A4, processor 8), of its allocatable amounts: CPU in thousandths of a core,
 * the rest in bytes. All are gauges and doubles. A node of which nobody says what it has gets its labels only.
 */
export const createNodeAutoscaling = ({ nodes, copyLabels }: NodeAutoscalingParts): Processor => ({
  name: "node autoscaling enricher",
  process: ({ sets }) => {
    for (const node of nodes) {
      const set = sets.get(nodeKey(node.meta.name));
      if (set === undefined) continue;
      copyLabels(node.meta.labels, set.labels);
      const { amounts } = node;
      if (amounts === undefined) continue;
      addShares(set, amounts, { metric: "cpu", resource: "cpu", usage: "cpu/usage_rate" });
      addShares(set, amounts, { metric: "memory", resource: "memory", usage: "memory/usage" });
      const storage = "ephemeral-storage";
      if (amounts.capacity.has(storage) && amounts.allocatable.has(storage))
        addShares(set, amounts, {
          metric: "ephemeral_storage",
          resource: storage,
          usage: "ephemeral_storage/usage",
        });
    }
  },
});

interface Shared {
  /** The first part of the metrics' names. */
  readonly metric: string;
  readonly resource: string;
  readonly usage: string;
}

type Amounts = NonNullable<MetricsNode["amounts"]>;

const addShares = (set: MetricSet, { capacity, allocatable }: Amounts, shared: Shared): void => {
  const { metric, resource, usage } = shared;
  const available = Number(allocatable.get(resource) ?? 0n);
  set.values.set(`${metric}/node_capacity`, gauge(Number(capacity.get(resource) ?? 0n)));
  set.values.set(`${metric}/node_allocatable`, gauge(available));
  if (available === 0) return;
  const amount = (name: string) => Number(set.values.get(name)?.value ?? 0n);
  set.values.set(`${metric}/node_utilization`, gauge(amount(usage) / available));
  set.values.set(`${metric}/node_reservation`, gauge(amount(`${metric}/request`) / available));
};
