import type { RequestListener } from "node:http";
import { type Exchange, sendFault, sendJson, sendStatus } from "./answer.ts";
import { isBearer } from "./bearer.ts";
import { wholeOf } from "./entry.ts";
import type { FaultSwitches, RequestKind } from "./faults.ts";
import { expiredContinue, listPage, pagesHad } from "./list.ts";
import { isTrue, parseQuery } from "./query.ts";
import type { RequestLog } from "./requestlog.ts";
import type { Resource } from "./resources.ts";
import { discoveryDocument, type Route, routeOf } from "./route.ts";
import { openSink } from "./sink.ts";
import { failure, refuse, StatusError } from "./status.ts";
import type { Store } from "./store.ts";
import { type Behaviour, checkWatch, openWatch } from "./watch.ts";

export interface HandlerInput {
  readonly store: Store;
  readonly faults: FaultSwitches;
  readonly requests: RequestLog;
  readonly behaviour: Behaviour;
  readonly token: string;
  readonly clock: () => number;
}

export interface OpenWatch {
  readonly path: string;
  drop(): void;
}

/** Answers requests as an API server does, and keeps the set of watches that are open. */
export const apiHandler = (
  input: HandlerInput,
): { handler: RequestListener; watches: ReadonlySet<OpenWatch> } => {
  const watches = new Set<OpenWatch>();
  const handler: RequestListener = (request, response) => {
    answer(input, watches, { request, response }).catch((error: unknown) => {
      const status = error instanceof StatusError ? error.status : failure(500, String(error));
      if (response.headersSent) return void response.destroy();
      sendStatus({ request, response }, status).catch(() => response.destroy());
    });
  };
  return { handler, watches };
};

const answer = async (input: HandlerInput, watches: Set<OpenWatch>, exchange: Exchange) => {
  const call = callOf(exchange);
  const { method = "GET" } = exchange.request;
  const query = Object.fromEntries(call.parameters);
  input.requests.add({ kind: call.kind, method, path: call.path, query, at: input.clock() });
  const token = call.parameters.get("continue");
  const fault = input.faults.take(call.kind, call.path, pagesHad(token));
  const faulty = { ...exchange, fault };
  if (await sendFault(faulty)) return;
  if (openPaths.has(call.path)) return sendOpen(faulty, call.path);
  if (!isBearer(exchange.request, input.token)) throw refuse(401, "Unauthorized");
  if (method !== "GET") throw refuse(405, "the server does not allow this method on the requested resource");
  if (call.route === undefined) return sendDocument(faulty, call.path);
  checkAllowed(input, call, call.route);
  if (fault?.kind === "expireContinue" && token !== null) throw expiredContinue(token);
  return sendRoute({ input, watches, exchange: faulty, call, route: call.route });
};

interface Call {
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly route: Route | undefined;
  readonly kind: RequestKind;
}

const callOf = ({ request }: Exchange): Call => {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const parameters = new URLSearchParams(query);
  const route = routeOf(path);
  return { path, parameters, route, kind: kindOf(route, parameters) };
};

const kindOf = (route: Route | undefined, parameters: URLSearchParams): RequestKind => {
  if (route === undefined) return "other";
  if (route.name !== undefined) return "get";
  if (isTrue(parameters.get("watch"))) return "watch";
  return parameters.get("continue") ? "page" : "list";
};

/** What a real server tells everyone. */
const openPaths = new Set(["/readyz", "/livez", "/healthz", "/version"]);

const sendOpen = async (exchange: Exchange, path: string) => {
  if (path === "/version") return sendDocument(exchange, path);
  exchange.response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" }).end("ok");
};

const sendDocument = async (exchange: Exchange, path: string) => {
  const document = discoveryDocument(path);
  if (document === undefined) throw refuse(404, "the server could not find the requested resource");
  return sendJson(exchange, 200, JSON.stringify(document));
};

const checkAllowed = (input: HandlerInput, call: Call, { resource, namespace }: Route) => {
  if (!input.faults.isForbidden(resource.plural, namespace ?? "")) return;
  const verb = call.kind === "page" ? "list" : call.kind;
  const scope = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = `resource "${resource.plural}" in API group "${resource.group}"`;
  throw refuse(403, `${labelOf(resource)} is forbidden: User "demo" cannot ${verb} ${what} ${scope}`, {
    details: detailsOf(resource),
  });
};

/** How messages name a resource: `pods`, `deployments.apps`. */
const labelOf = ({ plural, group }: Resource) => (group === "" ? plural : `${plural}.${group}`);

const detailsOf = ({ plural, group }: Resource) => ({ ...(group === "" ? {} : { group }), kind: plural });

interface Routed {
  readonly input: HandlerInput;
  readonly watches: Set<OpenWatch>;
  readonly exchange: Exchange;
  readonly call: Call;
  readonly route: Route;
}

const sendRoute = async ({ input, watches, exchange, call, route }: Routed) => {
  const { resource, namespace, name } = route;
  if (name !== undefined) return sendJson(exchange, 200, objectOf(input.store, route, name));
  const query = parseQuery(call.parameters, resource, namespace);
  if (call.kind !== "watch") return sendJson(exchange, 200, listPage(input.store, resource, query));
  const request = { store: input.store, resource, query, behaviour: input.behaviour };
  checkWatch(request);
  exchange.response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders();
  const sink = openSink(exchange.response, exchange.fault);
  if (exchange.fault?.kind === "inject") sink.write(exchange.fault.text);
  const watch = { path: call.path, drop: () => void exchange.response.destroy() };
  watches.add(watch);
  const close = openWatch(request, sink, () => sink.end());
  exchange.response.once("close", () => {
    watches.delete(watch);
    close();
  });
};

const objectOf = (store: Store, { resource, namespace }: Route, name: string) => {
  const entry = store.entry(resource.kind, namespace ?? "", name);
  if (entry !== undefined) return wholeOf(entry);
  throw refuse(404, `${labelOf(resource)} ${JSON.stringify(name)} not found`, {
    details: { name, ...detailsOf(resource) },
  });
};
