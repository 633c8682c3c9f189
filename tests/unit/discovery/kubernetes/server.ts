import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https, { type ServerOptions } from "node:https";
import { gzipSync } from "node:zlib";
import { listening } from "../../../fakes/listening.ts";

export interface SmallApiServer {
  readonly url: string;
  /** Path and query of every request, in order. */
  readonly requests: string[];
  /** Headers of every request, in order. */
  readonly headers: IncomingMessage["headers"][];
  close(): Promise<void>;
}

/** Answers itself and returns true, or leaves the request to the lists. */
export type Override = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface SmallApiServerOptions {
  /** Objects by path, such as `/api/v1/pods`; an unlisted path is 404. Namespaces are cut out of these. */
  readonly lists?: Readonly<Record<string, readonly ApiObject[]>>;
  readonly override?: Override;
  readonly tls?: ServerOptions;
}

/** What the server itself reads of an object. */
export interface ApiObject {
  readonly metadata?: {
    readonly name?: string | undefined;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | null | undefined;
  };
}

/**
 * The list half of an API server on loopback: pages, continue tokens, gzip, `Status` answers, and of selectors
 * `label=value` and `metadata.name=value`.
 */
export const startSmallApiServer = async (options: SmallApiServerOptions): Promise<SmallApiServer> => {
  const { lists = {}, override = () => false, tls } = options;
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.url!);
    headers.push(request.headers);
    if (!override(request, response)) answerList(lists, request, response);
  };
  const server = tls === undefined ? http.createServer(serve) : https.createServer(tls, serve);
  const port = await listening(server);
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    headers,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};

/** A `Status` object as API servers send it. */
export const answerStatus = (response: ServerResponse, code: number, message: string): true => {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", message, code }));
  return true;
};

const answerList = (
  lists: Readonly<Record<string, readonly ApiObject[]>>,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const url = new URL(request.url!, "http://loopback");
  const objects = select(lists, url);
  if (objects === undefined) {
    answerStatus(response, 404, "the server could not find the requested resource");
    return;
  }
  const start = Number(url.searchParams.get("continue") ?? "0");
  const end = start + Number(url.searchParams.get("limit") ?? objects.length);
  const metadata = { resourceVersion: "7", ...(end < objects.length && { continue: String(end) }) };
  const body = { kind: "SomeList", apiVersion: "v1", metadata, items: objects.slice(start, end) };
  const zipped = gzipSync(JSON.stringify(body), { level: 1 });
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(zipped);
};

const select = (
  lists: Readonly<Record<string, readonly ApiObject[]>>,
  { pathname, searchParams }: URL,
): ApiObject[] | undefined => {
  const namespace = /\/namespaces\/([^/]+)\//.exec(pathname)?.[1];
  const [label = "", labelValue] = (searchParams.get("labelSelector") ?? "").split("=");
  const [field = "", fieldValue] = (searchParams.get("fieldSelector") ?? "").split("=");
  return lists[pathname.replace(/\/namespaces\/[^/]+\//, "/")]?.filter(
    ({ metadata }) =>
      (namespace === undefined || metadata?.namespace === namespace) &&
      (label === "" || metadata?.labels?.[label] === labelValue) &&
      (field === "" || metadata?.name === fieldValue),
  );
};
