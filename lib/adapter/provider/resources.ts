import type { ResourceRule, ResourceRules } from "../config/rules.ts";
import { coreResources } from "../mapper/known.ts";
import type { Mapper, Resource } from "../mapper/mapper.ts";
import { associationOf } from "../naming/association.ts";
import type { Prometheus, Sample } from "../prometheus/prometheus.ts";
import { objectsQuery } from "../query/query.ts";
import { type NodeUsage, type PodUsage, SourceFailure } from "./provider.ts";

export interface ResourceParts {
  readonly rules: ResourceRules;
  readonly mapper: Mapper;
  readonly prometheus: Prometheus;
  /** Unix seconds. */
  readonly at: number;
  readonly signal?: AbortSignal | undefined;
}

/** Containers of the pods of one namespace (spec B8): pods that lack cpu or memory altogether are left out. Rejects when a query fails. */
export const podUsage = async (
  namespace: string,
  names: readonly string[],
  parts: ResourceParts,
): Promise<PodUsage[]> => {
  const [cpu, memory] = await Promise.all([
    asked(parts.rules.cpu, { parts, query: "containerQuery", of: "pods", namespace, names }),
    asked(parts.rules.memory, { parts, query: "containerQuery", of: "pods", namespace, names }),
  ]);
  return names.flatMap((name) => {
    const [ofCpu, ofMemory] = [cpu.get(name) ?? [], memory.get(name) ?? []];
    if (ofCpu.length === 0 || ofMemory.length === 0) return [];
    const cores = byContainer(ofCpu, parts.rules.cpu);
    const bytes = byContainer(ofMemory, parts.rules.memory);
    const containers = [...new Set([...cores.keys(), ...bytes.keys()])].sort();
    return {
      namespace,
      name,
      at: earliest([...ofCpu, ...ofMemory]),
      window: parts.rules.window,
      containers: containers.map((container) => ({
        name: container,
        cpu: cores.get(container) ?? 0,
        memory: bytes.get(container) ?? 0,
      })),
    };
  });
};

/** Of nodes those that have both; of several samples of one the first counts. Rejects when a query fails. */
export const nodeUsage = async (names: readonly string[], parts: ResourceParts): Promise<NodeUsage[]> => {
  const [cpu, memory] = await Promise.all([
    asked(parts.rules.cpu, { parts, query: "nodeQuery", of: "nodes", namespace: undefined, names }),
    asked(parts.rules.memory, { parts, query: "nodeQuery", of: "nodes", namespace: undefined, names }),
  ]);
  return names.flatMap((name) => {
    const [cores] = cpu.get(name) ?? [];
    const [bytes] = memory.get(name) ?? [];
    if (cores === undefined || bytes === undefined) return [];
    const usage = { cpu: amount(cores.value), memory: amount(bytes.value) };
    return { name, at: earliest([cores, bytes]), window: parts.rules.window, usage };
  });
};

interface Question {
  readonly parts: ResourceParts;
  readonly query: "containerQuery" | "nodeQuery";
  readonly of: "pods" | "nodes";
  readonly namespace: string | undefined;
  readonly names: readonly string[];
}

/** Samples by the object that they are of. */
const asked = async (
  rule: ResourceRule,
  { parts, query, of, namespace, names }: Question,
): Promise<Map<string, Sample[]>> => {
  const { mapper, prometheus, at, signal } = parts;
  const groupBy = query === "containerQuery" && rule.containerLabel !== "" ? [rule.containerLabel] : [];
  const { promql, label } = objectsQuery({
    template: rule[query],
    series: "",
    association: associationOf(rule.resources, mapper),
    namespaceResource: resourceOf(mapper, "namespaces"),
    resource: resourceOf(mapper, of),
    namespace,
    names,
    selector: [],
    groupBy,
  });
  const answer = await prometheus.query(promql, at, signal);
  if (answer.type !== "vector") throw new SourceFailure(`${promql}: expected a vector, got a ${answer.type}`);
  return Map.groupBy(answer.samples, ({ labels }) => labels[label] ?? "");
};

const resourceOf = (mapper: Mapper, name: string): Resource => {
  const found = mapper.resourceFor(name, "") ?? coreResources.find(({ resource }) => resource === name);
  if (found === undefined) throw new SourceFailure(`the cluster has no ${name}`);
  return found;
};

const byContainer = (samples: readonly Sample[], { containerLabel }: ResourceRule): Map<string, number> =>
  new Map(samples.map(({ labels, value }) => [labels[containerLabel] ?? "", amount(value)]));

const earliest = (samples: readonly Sample[]): number => Math.min(...samples.map(({ at }) => at));

/** What is no amount counts as none (spec B8); an infinite one is undefined upstream. */
const amount = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);
