import { reasonOf } from "../../errors.ts";
import { type Attributes, attributesOf } from "../identity/attributes.ts";
import { type Authenticated, authenticate } from "../identity/authenticate.ts";
import { forbidden, type ReviewAccess } from "../identity/authorize.ts";
import type { Trust } from "../identity/trust.ts";
import type { User } from "../identity/user.ts";
import type { Catalogue } from "../provider/provider.ts";
import { type AggregatedVersion, aggregatedDocument, aggregatedVersions } from "./aggregated.ts";
import { type Answer, failed, formIn, found } from "./answer.ts";
import { customValues } from "./custom.ts";
import { groupDocument, groupList, pathList, resourceList } from "./discovery.ts";
import { externalValues } from "./external.ts";
import { customGroup, externalGroup, resourceGroup } from "./groups.ts";
import { type MeasuredAnswer, measuredNodes, measuredPods } from "./measured.ts";
import { openapiV2, openapiV3, openapiV3Of } from "./openapi.ts";
import type { OwnMetrics } from "./ownmetrics.ts";
import type { AnswerParts } from "./parts.ts";
import { type Asked, askedIn } from "./path.ts";
import type { ApiRequest } from "./request.ts";
import { ApiStatus, badRequest, internalError, nothingThere, unauthorized } from "./status.ts";
import { tableIn, tableOf } from "./table.ts";

/** What one adapter answers from, and by what it knows its callers. */
export interface AdapterParts extends AnswerParts {
  /** Of the cluster. Rejects while it cannot be had. */
  readonly trust: () => Promise<Trust>;
  readonly reviewToken: (token: string) => Promise<User | undefined>;
  readonly authorize: ReviewAccess;
  readonly allowsAnonymous: boolean;
  readonly metrics: OwnMetrics;
  /** Told why a caller is not believed. */
  readonly refused: (reason: string) => void;
}

/** One request of an aggregator, or of whoever else asks an adapter: who it is, whether they may, what they asked (spec B9). */
export const answerApi = async (request: ApiRequest, parts: AdapterParts): Promise<Answer> => {
  try {
    return await answered(request, parts);
  } catch (error) {
    if (error instanceof ApiStatus) return failed(error);
    parts.log.error("a metrics API request has no answer", { path: request.path, reason: reasonOf(error) });
    return failed(internalError("the request could not be answered"));
  }
};

const answered = async (request: ApiRequest, parts: AdapterParts): Promise<Answer> => {
  const { method, path: written } = request;
  if (written === undefined) throw badRequest("the path is not well percent-encoded");
  if (isHealth(written)) return { code: 200, text: "ok" };
  // Once, so that what is allowed is what is answered.
  const path = written.length > 1 ? written.replace(/\/$/, "") : written;
  await admit({ headers: request.headers, attributes: attributesOf(method, path) }, parts);
  const catalogue = await parts.provider.catalogue();
  const asked = askedIn(path, catalogue);
  if (asked.of === "nothing" && !asked.isBelowVersion) return { code: 404, text: "404 page not found\n" };
  if (method !== "GET") throw new ApiStatus(405, notAllowed, { reason: "MethodNotAllowed", details: {} });
  if (formIn(request.headers.get("accept")) === undefined)
    throw new ApiStatus(406, notAcceptable, { reason: "NotAcceptable" });
  return answerTo(asked, request, { ...parts, known: catalogue });
};

/** They tell nothing, and a load balancer's checks have no certificate of a cluster's. */
export const isHealth = (path: string | undefined): boolean =>
  path === "/healthz" || path === "/livez" || path === "/readyz";

const notAllowed = "the server does not allow this method on the requested resource";
const notAcceptable =
  "only the following media types are accepted: application/json, application/yaml, application/json;as=Table;g=meta.k8s.io;v=v1";

interface Asking {
  readonly headers: ApiRequest["headers"];
  readonly attributes: Attributes;
}

const admit = async ({ headers, attributes }: Asking, parts: AdapterParts): Promise<void> => {
  const who = await identified(headers, parts);
  if ("refused" in who) {
    parts.refused(who.refused);
    throw unauthorized();
  }
  const { allowed, reason } = await parts.authorize(who.user, attributes).catch((error) => {
    if (error instanceof ApiStatus) throw error;
    parts.log.error("the cluster does not say who may", { reason: reasonOf(error) });
    throw internalError("the cluster does not answer whether this is allowed");
  });
  if (!allowed) throw forbidden(who.user, attributes, reason);
};

const identified = async (
  headers: ApiRequest["headers"],
  { trust, reviewToken, allowsAnonymous, clock, log }: AdapterParts,
): Promise<Authenticated> => {
  const unanswered = internalError("the cluster does not answer who this is");
  // Whoever reads it tells of it, once.
  const known = await trust().catch(() => {
    throw unanswered;
  });
  try {
    return await authenticate(headers, { trust: known, reviewToken, now: clock(), allowsAnonymous });
  } catch (error) {
    if (error instanceof ApiStatus) throw error;
    log.error("the cluster does not say whose token it is", { reason: reasonOf(error) });
    throw unanswered;
  }
};

type Work = AdapterParts & { readonly known: Catalogue };

const answerTo = async (asked: Asked, request: ApiRequest, work: Work): Promise<Answer> => {
  const { query } = request;
  switch (asked.of) {
    case "custom":
      return timed(customGroup, await customValues(asked, query, work), work);
    case "external":
      return timed(externalGroup, await externalValues(asked, query, work), work);
    case "pods":
      return measured(await measuredPods(asked, query, work), request, work);
    case "nodes":
      return measured(await measuredNodes(asked, query, work), request, work);
    case "no request":
      throw badRequest(asked.reason);
    case "nothing":
      throw nothingThere();
    default:
      return described(asked, request, work);
  }
};

/** How old the values are that are handed out. */
const timed = (group: string, document: object, { metrics, clock }: Work): Answer => {
  metrics.handedOut(group, document, clock());
  return found(document);
};

const measured = (answer: MeasuredAnswer, { headers, query }: ApiRequest, work: Work): Answer => {
  const version = tableIn(headers.get("accept"));
  work.metrics.handedOut(resourceGroup, answer.document, work.clock());
  return found(version === undefined ? answer.document : tableOf(answer, version, query));
};

type Described = Exclude<
  Asked,
  | { of: "custom" }
  | { of: "external" }
  | { of: "pods" }
  | { of: "nodes" }
  | { of: "no request" }
  | { of: "nothing" }
>;

const described = (asked: Described, { headers }: ApiRequest, { known, metrics }: Work): Answer => {
  switch (asked.of) {
    case "groups":
      return groupsFor(headers.get("accept"), known);
    case "group":
      return found(groupDocument(asked.group));
    case "resources":
      return found(resourceList(asked.group, asked.version, known));
    case "openapi-v2":
      return found(openapiV2(known));
    case "openapi-v3":
      return found(openapiV3(known));
    case "openapi-v3-group":
      return found(openapiV3Of(asked.group, asked.version));
    case "version":
      return found(version);
    case "metrics":
      return { code: 200, text: metrics.text(), type: metrics.type };
    case "paths":
      return found(pathList(known));
    case "health":
      return { code: 200, text: "ok" };
  }
};

const version = { major: "", minor: "", gitVersion: "rollcall", platform: "nodejs" };

const groupsFor = (accept: readonly string[] | undefined, known: Catalogue): Answer => {
  const version = aggregatedIn(accept);
  if (version === undefined) return found(groupList(known));
  const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return { code: 200, document: aggregatedDocument(version, known), type };
};

/** Whether the client would rather have all groups in one document. */
const aggregatedIn = (accept: readonly string[] | undefined): AggregatedVersion | undefined => {
  for (const clause of (accept ?? []).flatMap((header) => header.split(","))) {
    const [type = "", ...parameters] = clause.split(";").map((part) => part.trim());
    if (type !== "application/json") continue;
    if (!parameters.includes("as=APIGroupDiscoveryList")) return undefined;
    const version = aggregatedVersions.find((one) => parameters.includes(`v=${one}`));
    if (version !== undefined) return version;
  }
  return undefined;
};
