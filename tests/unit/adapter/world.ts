import { createOwnMetrics } from "../../../lib/adapter/api/ownmetrics.ts";
import type { ApiRequest } from "../../../lib/adapter/api/request.ts";
import { type AdapterParts, answerApi } from "../../../lib/adapter/api/routes.ts";
import type { Attributes } from "../../../lib/adapter/identity/attributes.ts";
import type { Decision } from "../../../lib/adapter/identity/authorize.ts";
import type { Trust } from "../../../lib/adapter/identity/trust.ts";
import type { User } from "../../../lib/adapter/identity/user.ts";
import type { Mapper, Resource } from "../../../lib/adapter/mapper/mapper.ts";
import { type FoundObject, type ListedResource, NotListed } from "../../../lib/adapter/objects/objects.ts";
import type {
  Catalogue,
  ExternalValue,
  NodeUsage,
  PodUsage,
} from "../../../lib/adapter/provider/provider.ts";
import {
  type CustomQuestion,
  type ExternalQuestion,
  UnknownMetric,
} from "../../../lib/adapter/registry/registry.ts";
import { createLog } from "../../../lib/log.ts";

const resource = (group: string, plural: string, kind: string, namespaced = true): Resource => ({
  group,
  version: "v1",
  resource: plural,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
});

const resources = [
  resource("", "pods", "Pod"),
  resource("", "services", "Service"),
  resource("", "nodes", "Node", false),
  resource("", "namespaces", "Namespace", false),
  resource("apps", "deployments", "Deployment"),
];

/** As a cluster's discovery documents would have it: plurals and singulars, a group by its beginning. */
const mapper: Mapper = {
  resourceFor: (name, group) =>
    resources.find(
      (one) =>
        [one.resource, one.singular].includes(name.toLowerCase()) &&
        (group === undefined || one.group.startsWith(group)),
    ),
};

export interface WorldOptions {
  readonly catalogue?: Catalogue;
  /** By metric: the value of each object. What is not here is not known. */
  readonly custom?: Readonly<Record<string, Readonly<Record<string, number>> | Error>>;
  readonly external?: Readonly<Record<string, readonly ExternalValue[] | Error>>;
  readonly pods?: readonly PodUsage[];
  readonly nodes?: readonly NodeUsage[];
  /** What a list finds, by `NAMESPACE/RESOURCE` (`/nodes`); what is not here is refused. */
  readonly objects?: Readonly<Record<string, readonly FoundObject[] | Error>>;
  readonly mapper?: () => Promise<Mapper>;
  readonly trust?: () => Promise<Trust>;
  readonly reviewToken?: (token: string) => Promise<User | undefined>;
  readonly authorize?: (user: User, attributes: Attributes) => Promise<Decision>;
  readonly allowsAnonymous?: boolean;
}

/** 2026-01-01T00:00:00Z, and a bit. */
export const start = Date.UTC(2026, 0, 1) + 250;

export const everything: Catalogue = { custom: [], external: [], resources: true };

/** An adapter whose sources answer what they are told to, and what they were asked. */
export const world = (options: WorldOptions = {}) => {
  const asked: (CustomQuestion | ExternalQuestion | ({ list: ListedResource } & object))[] = [];
  const refused: string[] = [];
  const given = <T>(known: Readonly<Record<string, T | Error>> | undefined, name: string, none: Error): T => {
    const found = (known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined) ?? none;
    if (found instanceof Error) throw found;
    return found;
  };
  const parts: AdapterParts = {
    provider: {
      catalogue: async () => options.catalogue ?? everything,
      custom: async (question) => {
        asked.push(question);
        return new Map(
          Object.entries(given(options.custom, question.metric, new UnknownMetric(question.metric))),
        );
      },
      external: async (question) => {
        asked.push(question);
        return given(options.external, question.metric, new UnknownMetric(question.metric));
      },
      pods: async (pods) =>
        (options.pods ?? []).filter(({ namespace, name }) =>
          pods.some((pod) => pod.namespace === namespace && pod.name === name),
        ),
      nodes: async (names) => (options.nodes ?? []).filter(({ name }) => names.includes(name)),
    },
    mapper: options.mapper ?? (async () => mapper),
    objects: {
      list: async (list, narrowed) => {
        asked.push({ list, ...narrowed });
        const none = new NotListed("forbidden", {});
        return given(options.objects, `${narrowed.namespace ?? ""}/${list.resource}`, none);
      },
    },
    clock: () => start,
    log: createLog({ level: "error", write: () => {} }),
    trust: options.trust ?? (async () => ({})),
    reviewToken: options.reviewToken ?? (async () => undefined),
    authorize: options.authorize ?? (async () => ({ allowed: true, reason: "" })),
    allowsAnonymous: options.allowsAnonymous ?? true,
    metrics: createOwnMetrics(),
    refused: (reason) => refused.push(reason),
  };
  return { asked, refused, parts, get: (path: string, more = {}) => ask(parts, path, more) };
};

/** The answer's status, and its document or text. */
export const ask = async (
  parts: AdapterParts,
  path: string,
  {
    method = "GET",
    headers = {},
  }: { method?: string; headers?: Readonly<Record<string, string | string[]>> } = {},
) => {
  const answer = await answerApi(requestOf(path, method, headers), parts);
  const body = "text" in answer ? answer.text : JSON.parse(JSON.stringify(answer.document));
  return { status: answer.code, body, type: answer.type };
};

export const requestOf = (
  target: string,
  method = "GET",
  headers: Readonly<Record<string, string | string[]>> = {},
): ApiRequest => {
  const [path = "", query = ""] = target.split("?");
  return {
    method,
    path: decoded(path),
    query: new URLSearchParams(query),
    headers: new Map(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), [values].flat()])),
    host: "adapter.example",
    listen: undefined,
  };
};

const decoded = (path: string) => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

export const pod = (name: string, namespace = "shop"): FoundObject => ({
  namespace,
  name,
  labels: { app: "web" },
});
export const node = (name: string): FoundObject => ({ namespace: "", name, labels: {} });
