import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../../lib/clock.ts";
import { readBody } from "../body.ts";
import type { Functions } from "../functions.ts";
import type { Route } from "../template/events.ts";
import { sendBuffered, toResponseStream } from "./answer.ts";
import { pathOf, toProxyEvent } from "./event.ts";
import { sendOwn } from "./own.ts";
import { createRoutes } from "./routes.ts";

/** The HTTP door of the local run. It can listen before anything else is there, and answers 503 until it is opened. */
export interface Gateway {
  /** `http://HOST:PORT`, with the port that was really taken. */
  readonly url: string;
  open(options: { routes: readonly Route[]; functions: Functions; clock: Clock }): void;
  /** Takes no further requests; those under way may end, for `patience` milliseconds. */
  close(patience: number): Promise<void>;
}

/** Rejects with Node's error when the address is taken. */
export const listen = async (address: { host: string; port: number }): Promise<Gateway> => {
  let answer: Answer = async (_request, response) => {
    // A browser that came too early comes again by itself.
    response.setHeader("Refresh", "1");
    sendOwn(response, "starting");
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address.host, port: address.port }, resolve);
  });
  return {
    url: urlOf(server, address.host),
    open(options) {
      answer = createAnswer(options);
    },
    close: (patience) =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), patience).unref();
      }),
  };
};

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const urlOf = (server: Server, host: string): string => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
};

/** API Gateway's limit of a request's payload. */
const longestBody = 10 * 1024 * 1024;

const createAnswer = (options: { routes: readonly Route[]; functions: Functions; clock: Clock }): Answer => {
  const { routes, functions, clock } = options;
  const find = createRoutes(routes);
  return async (request, response) => {
    const match = find(request.method ?? "", pathOf(request.url ?? "/"));
    if (!match) return sendOwn(response, "noRoute");
    const body = await readBody(request, longestBody);
    if (body === undefined) return sendOwn(response, "tooLarge");
    const event = toProxyEvent({ request, match, body, now: clock.now() });
    const name = match.route.function;
    try {
      if (functions.isStreaming(name)) await functions.stream(name, event, toResponseStream(response));
      else sendBuffered(response, await functions.invoke(name, event));
    } catch {
      fail(response);
    }
  };
};

/** The function's failure is in the log already. What has begun can only be cut, so that nobody takes it for whole. */
const fail = (response: ServerResponse) => {
  if (response.headersSent) response.destroy();
  else sendOwn(response, "noAnswer");
};
