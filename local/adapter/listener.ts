import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import * as z from "zod";
import { reasonOf } from "../../lib/errors.ts";
import { readBody } from "../body.ts";
import { toBalancerEvent } from "./event.ts";

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Where an API server's aggregator finds an adapter of the local run, over TLS. */
export interface Listener {
  readonly port: number;
  /** From the next connection on. Throws for a pair that is none. */
  use(pair: KeyPair): void;
  close(): Promise<void>;
}

/**
 * Every client is asked for a certificate and proves that it holds its key; whether the certificate is to be believed is the function's business, as
 * it is behind a load balancer. Rejects with Node's error when the address is taken or the pair is none.
 */
export const listenForAggregator = async (options: {
  /** `HOST:PORT`, with brackets around an IPv6 address; port 0 for any. */
  readonly listen: string;
  readonly pair: KeyPair;
  /** Calls the function. */
  readonly adapt: (event: unknown) => Promise<unknown>;
  /** Told of each request that came to nothing. */
  readonly log: (line: string) => void;
}): Promise<Listener> => {
  const { listen, pair, adapt, log } = options;
  const tls = { ...pair, requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.2" } as const;
  const server = createServer({ ...tls, maxHeaderSize: longestHeaders }, (request, response) => {
    answer({ request, response }, { listen, adapt }).catch((error) => {
      log(`adapters: ${listen}: ${request.method} ${pathOf(request)}: ${reasonOf(error)}`);
      response.destroy();
    });
  });
  // What is beyond it would be left out without a word.
  server.maxHeadersCount = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(placeOf(listen), resolve);
  });
  return {
    port: portOf(server),
    use: (next) => server.setSecureContext({ ...tls, ...next }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), patience).unref();
      }),
  };
};

/** A query may have what is nobody else's business. */
const pathOf = ({ url = "" }: IncomingMessage): string => url.split("?")[0] ?? "";

/** Milliseconds. */
const patience = 2000;
/** Go's own bound, and so an API server's: a user may have thousands of groups, a header each. */
const longestHeaders = 1024 * 1024;
/** Nothing that is asked has a body. */
const longestBody = 64 * 1024;

const portOf = (server: Server): number => {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
};

const placeOf = (listen: string) => {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(listen.slice(colon + 1)) };
};

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Answering {
  readonly listen: string;
  readonly adapt: (event: unknown) => Promise<unknown>;
}

const answer = async ({ request, response }: Exchange, { listen, adapt }: Answering) => {
  const body = await readBody(request, longestBody);
  if (body === undefined) return sendText(response, 413, "413 Payload Too Large\n");
  const returned = await adapt(
    toBalancerEvent({ request, socket: request.socket as TLSSocket, listen, body }),
  ).catch(() => undefined);
  const parsed = balancerAnswer.safeParse(returned);
  // The failure is in the log already; this is what a load balancer says.
  if (!parsed.success) return sendText(response, 502, "502 Bad Gateway\n");
  const { statusCode, multiValueHeaders, body: text, isBase64Encoded } = parsed.data;
  const bytes = Buffer.from(text, isBase64Encoded ? "base64" : "utf8");
  response.writeHead(statusCode, { ...multiValueHeaders, "Content-Length": bytes.length });
  response.end(bytes);
};

const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { "Content-Type": "text/plain" }).end(text);
};

const balancerAnswer = z.object({
  statusCode: z.number().int().min(100).max(599),
  multiValueHeaders: z.record(z.string(), z.array(z.string())),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});
