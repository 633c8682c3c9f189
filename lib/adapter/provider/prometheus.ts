import { byBytes } from "../../config/go-text.ts";
import { reasonOf } from "../../errors.ts";
import { inFlight } from "../../inflight.ts";
import type { Log } from "../../log.ts";
import type { AdapterRules } from "../config/rules.ts";
import { coreResources } from "../mapper/known.ts";
import type { Answer, Prometheus } from "../prometheus/prometheus.ts";
import { type BuiltRegistry, buildRegistry } from "../registry/build.ts";
import { type PodName, type Provider, SourceFailure } from "./provider.ts";
import { nodeUsage, podUsage } from "./resources.ts";

export interface PrometheusProviderParts {
  /** As they are accepted; the registry's own may be older. */
  readonly rules: AdapterRules;
  /** Undefined before the first relist. */
  readonly registry: () => Promise<BuiltRegistry | undefined>;
  readonly prometheus: Prometheus;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** Metrics out of a Prometheus, by the rules (spec B6 to B8). */
export const createPrometheusProvider = (parts: PrometheusProviderParts): Provider => {
  const { rules, prometheus, now, log } = parts;
  const registered = async () => (await parts.registry()) ?? nothing;
  const ask = async (promql: string, signal: AbortSignal | undefined): Promise<Answer> => {
    try {
      return await prometheus.query(promql, now() / 1000, signal);
    } catch (cause) {
      throw new SourceFailure(reasonOf(cause), { cause });
    }
  };
  const resourceParts = async (signal: AbortSignal | undefined) => {
    const { resourceRules } = rules;
    if (resourceRules === undefined) throw new SourceFailure("the rules have no resourceRules");
    return {
      rules: resourceRules,
      mapper: (await registered()).mapper,
      prometheus,
      at: now() / 1000,
      signal,
    };
  };
  return {
    catalogue: async () => {
      const { registry } = await registered();
      return {
        custom: rules.rules.length === 0 ? undefined : registry.custom,
        external: rules.externalRules.length === 0 ? undefined : registry.external,
        resources: rules.resourceRules !== undefined,
      };
    },
    custom: async (asked, signal) => {
      const { promql, label } = (await registered()).registry.customQuery(asked);
      const answer = await ask(promql, signal);
      if (answer.type !== "vector")
        throw new SourceFailure(`${promql}: expected a vector, got a ${answer.type}`);
      return new Map(answer.samples.map(({ labels, value }) => [labels[label] ?? "", value]));
    },
    external: async (asked, signal) => {
      const promql = (await registered()).registry.externalQuery(asked);
      const answer = await ask(promql, signal);
      if (answer.type === "scalar") return [{ labels: null, at: answer.at, value: answer.value }];
      if (answer.type === "vector") return answer.samples;
      throw new SourceFailure(`${promql}: expected a vector or a scalar, got a ${answer.type}`);
    },
    pods: async (pods, signal) => {
      const asking = await resourceParts(signal);
      const namespaces = [...Map.groupBy(pods, ({ namespace }) => namespace)].sort(([a], [b]) =>
        byBytes(a, b),
      );
      const found = await inFlight(namespacesAtOnce, namespaces, async ([namespace, own]) => {
        signal?.throwIfAborted();
        try {
          return await podUsage(namespace, namesOf(own), asking);
        } catch (error) {
          log.warn("no metrics of a namespace's pods", { namespace, reason: reasonOf(error) });
          return [];
        }
      });
      return found.flat();
    },
    nodes: async (names, signal) => {
      try {
        return names.length === 0 ? [] : await nodeUsage(names, await resourceParts(signal));
      } catch (error) {
        log.warn("no metrics of nodes", { reason: reasonOf(error) });
        return [];
      }
    },
  };
};

const namespacesAtOnce = 4;

const namesOf = (pods: readonly PodName[]) => pods.map(({ name }) => name);

const nothing: BuiltRegistry = buildRegistry({
  at: 0,
  rules: { path: "", text: "" },
  resources: coreResources,
  custom: [],
  external: [],
});
