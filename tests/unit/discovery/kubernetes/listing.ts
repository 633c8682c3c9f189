import type { IncomingMessage, ServerResponse } from "node:http";
import { createClient } from "../../../../lib/discovery/kubernetes/client.ts";
import { type ListOptions, listAll } from "../../../../lib/discovery/kubernetes/list.ts";
import { pods } from "../../../../lib/discovery/kubernetes/resources.ts";
import { apiServerAccess } from "./provider.ts";
import {
  type ApiObject,
  type SmallApiServer,
  type SmallApiServerOptions,
  startSmallApiServer,
} from "./server.ts";

/** What the tests of lists and pages have in common: servers that end with the test, and a list of pods. */
export const podsPath = "/api/v1/pods";

export const podsNamed = (...names: string[]): ApiObject[] =>
  names.map((name) => ({ metadata: { name, namespace: "shop" } }));

export const manyPods = (count: number): ApiObject[] =>
  podsNamed(...Array.from({ length: count }, (_, at) => `p${at}`));

/** Ends what the test started; for `afterEach`. */
export const cleanUp = async (): Promise<void> => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
};

export const startServer = async (options: SmallApiServerOptions): Promise<SmallApiServer> => {
  const server = await startSmallApiServer(options);
  cleanups.push(() => server.close());
  return server;
};

export const clientOf = async (url: string) => {
  const client = await createClient(apiServerAccess(url));
  cleanups.push(() => client.transport.close());
  return client;
};

/** The names of the pods, in the list's order. */
export const listPods = async (
  url: string,
  options: Partial<ListOptions> = {},
  selector = { label: "", field: "" },
): Promise<string[]> => {
  const request = { resource: pods, namespace: "", selector };
  const found = await listAll(request, {
    ...(await clientOf(url)),
    signal: AbortSignal.timeout(20_000),
    ...options,
  });
  return found.map(({ meta }) => meta.name);
};

export const answerText = (response: ServerResponse, status: number, type: string, body: string): true => {
  response.writeHead(status, { "content-type": type });
  response.end(body);
  return true;
};

export const answerJson = (response: ServerResponse, body: unknown): true =>
  answerText(response, 200, "application/json", JSON.stringify(body));

/** Whether the request is for a later page. */
export const continues = (request: IncomingMessage): boolean =>
  new URL(request.url!, "http://loopback").searchParams.has("continue");

/** Run when the test is over, the last one first. */
export const cleanups: (() => Promise<void> | void)[] = [];
