import {
  clusterKey,
  namespaceKey,
  nodeContainerKey,
  nodeKey,
  podContainerKey,
  podKey,
} from "../metrics/key.ts";

/** What a path of the model names (spec A10.1, A10.3). */
export type Entity =
  | { readonly kind: "cluster" }
  | { readonly kind: "node"; readonly node: string }
  | { readonly kind: "systemContainer"; readonly node: string; readonly container: string }
  | { readonly kind: "namespace"; readonly namespace: string }
  | { readonly kind: "pod"; readonly namespace: string; readonly pod: string }
  | {
      readonly kind: "podContainer";
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
    }
  | { readonly kind: "podId"; readonly uid: string }
  | { readonly kind: "podIdContainer"; readonly uid: string; readonly container: string };

/** Lists: of nodes, namespaces and all keys, and those below an entity. */
export type List =
  | { readonly of: "nodes" | "namespaces" | "keys" }
  | { readonly of: "pods"; readonly namespace: string }
  | { readonly of: "containers"; readonly namespace: string; readonly pod: string }
  | { readonly of: "systemContainers"; readonly node: string };

export type Question =
  | { readonly ask: "list"; readonly list: List }
  | { readonly ask: "names"; readonly entity: Entity }
  | {
      readonly ask: "values";
      readonly entities: readonly Entity[];
      /** The answer is one item per entity, even of one. */
      readonly asList: boolean;
      readonly metric: string;
      /** As written: `average,max`. Undefined asks for the values themselves. */
      readonly aggregations?: string;
    };

/** The question that a path below `/api/v1/model` or `/api/v1/historical` asks; undefined when there is no such path. */
export const questionOf = (
  tokens: readonly string[],
  { historical = false }: { historical?: boolean } = {},
): Question | undefined => {
  const list = listOf(tokens);
  if (list !== undefined) return { ask: "list", list };
  const at = tokens.findIndex((token, position) => position % 2 === 0 && token.startsWith("metrics"));
  if (at < 0) return undefined;
  const subject = subjectOf(tokens.slice(0, at), historical);
  if (subject === undefined) return undefined;
  const [word, ...rest] = tokens.slice(at);
  if (word === "metrics" && rest.length === 0) return namesOf(subject);
  const { entities, asList } = subject;
  if (word === "metrics") return { ask: "values", entities, asList, metric: metricOf(rest) };
  const [aggregations, ...metric] = rest;
  if (word !== "metrics-aggregated" || !historical || aggregations === undefined || metric.length === 0)
    return undefined;
  return { ask: "values", entities, asList, metric: metricOf(metric), aggregations };
};

/** How a batch calls it; undefined for what only a database can find, by its pod's UID. */
export const keyOf = (entity: Entity): string | undefined => {
  switch (entity.kind) {
    case "cluster":
      return clusterKey;
    case "node":
      return nodeKey(entity.node);
    case "systemContainer":
      return nodeContainerKey(entity.node, entity.container);
    case "namespace":
      return namespaceKey(entity.namespace);
    case "pod":
      return podKey(entity.namespace, entity.pod);
    case "podContainer":
      return podContainerKey(entity.namespace, entity.pod, entity.container);
    default:
      return undefined;
  }
};

const listOf = (tokens: readonly string[]): List | undefined => {
  const [, b = "", , d = ""] = tokens;
  const path = tokens.map((token, at) => (at % 2 === 0 ? token : "*")).join("/");
  switch (path) {
    case "nodes":
    case "namespaces":
      return { of: path };
    case "namespaces/*/pods":
      return { of: "pods", namespace: b };
    case "namespaces/*/pods/*/containers":
      return { of: "containers", namespace: b, pod: d };
    case "nodes/*/freecontainers":
      return { of: "systemContainers", node: b };
    default:
      return path === "debug/*" && b === "allkeys" ? { of: "keys" } : undefined;
  }
};

interface Subject {
  readonly entities: readonly Entity[];
  readonly asList: boolean;
  /** Its metrics' names can be asked for. */
  readonly hasNames: boolean;
}

const one = (entity: Entity, hasNames = true): Subject => ({ entities: [entity], asList: false, hasNames });
const many = (entities: readonly Entity[]): Subject => ({ entities, asList: true, hasNames: false });

const subjectOf = (tokens: readonly string[], historical: boolean): Subject | undefined => {
  const [, b = "", , d = "", , f = ""] = tokens;
  if (tokens.length % 2 !== 0 || tokens.includes("")) return undefined;
  switch (tokens.filter((_, at) => at % 2 === 0).join("/")) {
    case "":
      return one({ kind: "cluster" });
    case "nodes":
      return one({ kind: "node", node: b });
    case "nodes/freecontainers":
      return one({ kind: "systemContainer", node: b, container: d });
    case "namespaces":
      return one({ kind: "namespace", namespace: b });
    case "namespaces/pods":
      return one({ kind: "pod", namespace: b, pod: d });
    case "namespaces/pods/containers":
      return one({ kind: "podContainer", namespace: b, pod: d, container: f });
    case "namespaces/pod-list":
      return many(d.split(",").map((pod) => ({ kind: "pod", namespace: b, pod })));
    default:
      return historical ? byPodId(tokens) : undefined;
  }
};

const byPodId = ([first, uid = "", second, container = "", ...more]: readonly string[]):
  | Subject
  | undefined => {
  if (first === "pod-id-list" && second === undefined)
    return many(uid.split(",").map((each) => ({ kind: "podId", uid: each })));
  if (first !== "pod-id" || more.length > 0) return undefined;
  if (second === undefined) return one({ kind: "podId", uid }, false);
  return second === "containers" ? one({ kind: "podIdContainer", uid, container }, false) : undefined;
};

const namesOf = ({ entities: [entity], hasNames }: Subject): Question | undefined =>
  hasNames && entity !== undefined ? { ask: "names", entity } : undefined;

/** The rest of the path, by its name of today. */
const metricOf = (rest: readonly string[]): string => {
  const metric = rest.join("/");
  return deprecated.get(metric) ?? metric;
};

const deprecated: ReadonlyMap<string, string> = new Map([
  ["cpu-usage", "cpu/usage_rate"],
  ["cpu-limit", "cpu/limit"],
  ["memory-limit", "memory/limit"],
  ["memory-usage", "memory/usage"],
  ["memory-working", "memory/working_set"],
]);
