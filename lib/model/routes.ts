import { admit, isRefusal } from "../door/admit.ts";
import { type Answer, text } from "../door/answer.ts";
import { present } from "../door/present.ts";
import { type Request, readRequest } from "../door/request.ts";
import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { MetricStore } from "../metrics/store/store.ts";
import { BadQuery, NotThere } from "./badquery.ts";
import { type Asked, clusterAsked } from "./clusters.ts";
import { exportOf, exportSchema } from "./export.ts";
import { type HealthParts, health } from "./health.ts";
import { historicalValues } from "./historical/answer.ts";
import type { HistoricalSource } from "./historical/influxdb.ts";
import { createLiveSource } from "./live.ts";
import { labelsIn, rangeIn } from "./query.ts";
import { type Question, questionOf } from "./question.ts";
import { resourceMetrics } from "./resource.ts";
import { compact, metricResult, pretty } from "./shape.ts";
import { usage, usagePath } from "./usage/usage.ts";

export interface ModelParts extends HealthParts {
  readonly store: MetricStore;
  /** Undefined where the settings name no historical source. */
  readonly historicalOf: (asked: Asked) => HistoricalSource | undefined;
  readonly log: Log;
}

/** Heapster's HTTP API (spec A10). Errors are plain text, as there. */
export const createModel =
  (parts: ModelParts) =>
  async (event: unknown): Promise<Answer> => {
    const request = readRequest(event);
    const tokens = tokensOf(request.path);
    if (tokens === undefined) return text(400, "the path is not well percent-encoded");
    const path = tokens.join("/");
    if (path === "healthz" || path === "healthz/healthz")
      return health(parts, path === "healthz" && request.query.has("verbose"));
    if (path === usagePath) return usage(request, parts);
    const current = await parts.current();
    const access = admit(request, { tokens: current?.settings.tokens ?? [], now: parts.clock() });
    if (isRefusal(access)) return refusal(access);
    if (request.method !== "GET") return text(405, "405: Method Not Allowed");
    if (!takesJson(request)) return text(406, "406: Not Acceptable");
    try {
      const asked = current && clusterAsked(current, { access, name: request.query.get("cluster") });
      const found = asked && (await answer(tokens, request, { ...parts, asked }));
      return present(request, found ?? text(404, "404: Page Not Found"));
    } catch (error) {
      return failed(error, path, parts.log);
    }
  };

/** Slashes at the ends do not count. */
const tokensOf = (path: string): string[] | undefined => {
  try {
    return decodeURIComponent(path)
      .replace(/^\/+|\/+$/g, "")
      .split("/");
  } catch {
    return undefined;
  }
};

/** Why nobody was let in, in this API's manner. */
const refusal = ({ statusCode, headers }: Answer): Answer => {
  const told = text(statusCode, statusCode === 401 ? "Unauthorized" : "Forbidden");
  const challenge = headers["WWW-Authenticate"];
  return { ...told, headers: { ...told.headers, ...(challenge && { "WWW-Authenticate": challenge }) } };
};

const takesJson = ({ headers }: Request): boolean => {
  const accept = headers.accept?.trim() ?? "";
  if (accept === "") return true;
  return accept
    .split(",")
    .some((one) => /^(\*\/\*|application\/(\*|json))$/i.test((one.split(";")[0] ?? "").trim()));
};

const failed = (error: unknown, path: string, log: Log): Answer => {
  if (error instanceof BadQuery) return text(400, error.message);
  if (error instanceof NotThere) return text(404, error.message);
  log.error("a question about metrics has no answer", { path, reason: reasonOf(error) });
  return text(500, reasonOf(error));
};

type Work = ModelParts & { readonly asked: Asked };

/** Undefined for no such path. */
const answer = async (
  tokens: readonly string[],
  request: Request,
  work: Work,
): Promise<Answer | undefined> => {
  const [first, second, third, ...rest] = tokens;
  if (first === "apis") return resources(tokens, request, work);
  if (first !== "api" || second !== "v1") return undefined;
  switch (third) {
    case "model":
      return model(rest, request, work);
    case "historical":
      return historical(rest, request, work);
    case "metric-export":
      return rest.length > 0 ? undefined : exported(work);
    case "metric-export-schema":
      return rest.length > 0 ? undefined : pretty(exportSchema());
    default:
      return undefined;
  }
};

const hasModel = ({ asked }: Work) => asked.metrics.sinks.some(({ kind }) => kind === "metric");

const model = async (tokens: readonly string[], request: Request, work: Work) => {
  const question = hasModel(work) ? questionOf(tokens) : undefined;
  if (question === undefined) return undefined;
  const live = createLiveSource(work.store, work.asked.collection.cluster);
  if (question.ask === "list") return pretty(await live.list(question.list));
  if (question.ask === "names") return pretty(await live.names(question.entity));
  const range = rangeIn(request.query, work.clock());
  const wanted = { ...question, range, labels: labelsIn(request.query) };
  const results = (await live.values(wanted)).map(metricResult);
  return question.asList ? compact({ items: results }) : pretty(results[0]);
};

const historical = async (tokens: readonly string[], request: Request, work: Work) => {
  const source = work.historicalOf(work.asked);
  const question = questionOf(tokens, { historical: true });
  if (source === undefined || question === undefined) return undefined;
  if (question.ask === "list") return pretty(await historicalList(question, source, work));
  if (question.ask === "names") return pretty(await source.names(question.entity));
  return pretty(await historicalValues(source, question, { query: request.query, now: work.clock() }));
};

/** Containers of pods, and keys, are what is there now (spec A10.3). */
const historicalList = (
  { list }: Extract<Question, { ask: "list" }>,
  source: HistoricalSource,
  { store, asked }: Work,
) => {
  const isLive = list.of === "containers" || list.of === "keys";
  return isLive ? createLiveSource(store, asked.collection.cluster).list(list) : source.list(list);
};

const exported = async (work: Work) => {
  const { asked, store } = work;
  if (!asked.metrics.exports) return compact([]);
  return hasModel(work) ? compact(exportOf(await store.latest(asked.collection.cluster))) : undefined;
};

const resources = async (
  [, group, version, ...rest]: readonly string[],
  { query }: Request,
  work: Work,
): Promise<Answer | undefined> => {
  if (group !== "metrics.k8s.io" || version !== "v1alpha1" || !hasModel(work)) return undefined;
  const { metrics, collection } = work.asked;
  const { labels, resolution } = metrics;
  const batch = await work.store.latest(collection.cluster);
  const found = resourceMetrics(rest, { batch, query, labels, resolution, now: work.clock() });
  return found && pretty(found);
};
