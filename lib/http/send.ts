import http, { type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import https from "node:https";
import { type Duplex, pipeline, type Readable, Transform } from "node:stream";
import zlib from "node:zlib";
import { rememberSecret } from "../config/secret.ts";
import { reasonOf, TransientError } from "../errors.ts";
import { placeOf } from "./place.ts";
import type { Answer, OpenOptions } from "./transport.ts";

/** `agent` fits the protocol that is spoken first: https for an https URL, else http; the proxy's when there is one. */
export interface SendOptions extends Omit<OpenOptions, "headers" | "method"> {
  readonly agent: http.Agent;
  readonly headers?: OutgoingHttpHeaders;
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  readonly body?: string | Uint8Array;
  /** A proxy for plain HTTP: it is asked for the whole URL, with these headers of its own. */
  readonly proxy?: { readonly url: URL; readonly headers: Readonly<Record<string, string>> };
}

/**
 * One request over HTTP/1.1, no redirect followed. Resolves once status and headers arrived; rejects with a
 * TransientError that names the place and the cause. A body that breaks off, or is silent for too long, fails likewise.
 */
export const send = async (url: URL, options: SendOptions): Promise<Answer> => {
  const fault = (error: unknown) => faultOf(url, options.signal, error);
  rememberCredentials(url, { ...options.headers, ...options.proxy?.headers });
  if (options.hasPublicQuery !== true) rememberSecret(url.search.slice(1));
  const response = await withFreshConnections(() => exchange(url, options)).catch((error) => {
    throw fault(error);
  });
  return {
    status: response.statusCode ?? 0,
    statusText: (response.statusMessage ?? "").slice(0, longestStatus),
    headers: response.headers,
    body: bodyOf(response, options.timeoutMilliseconds, fault),
  };
};

/** Characters of a status line's words, which stand in errors; no server in earnest has as many. */
const longestStatus = 200;

/** What the server is told and must not be quoted with: header and login, whole and by their telling part. */
const rememberCredentials = (url: URL, headers: OutgoingHttpHeaders) => {
  for (const [name, value] of Object.entries(headers)) {
    if (!/authorization$/i.test(name) || typeof value !== "string") continue;
    rememberSecret(value);
    rememberSecret(value.slice(value.indexOf(" ") + 1));
  }
  rememberSecret(url.password);
};

/** A server may close a kept connection in the moment we use it again; as in Go, only that is tried anew, at most 5 times. */
const withFreshConnections = async (attempt: () => Attempt): Promise<IncomingMessage> => {
  for (let left = 5; ; left--) {
    const { request, response } = attempt();
    try {
      return await response;
    } catch (error) {
      const reset = error instanceof Error && "code" in error && resets.has(String(error.code));
      if (!reset || !request.reusedSocket || left === 0) throw error;
    }
  }
};

const resets = new Set(["ECONNRESET", "EPIPE"]);

interface Attempt {
  readonly request: http.ClientRequest;
  readonly response: Promise<IncomingMessage>;
}

const exchange = (url: URL, options: SendOptions): Attempt => {
  const request = requestFor(url, options);
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    const limit = options.timeoutMilliseconds;
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${limit} ms`)), limit);
    request.once("response", resolve);
    // Stays for the request's whole life: an error after the answer's headers is told by the body, and must not end the process.
    request.on("error", reject);
    request.once("close", () => clearTimeout(timer));
    request.once("response", () => clearTimeout(timer));
  });
  request.end(options.body);
  return { request, response };
};

const requestFor = (url: URL, options: SendOptions): http.ClientRequest => {
  const first = options.proxy?.url ?? url;
  const headers = { "accept-encoding": "gzip", ...options.headers, ...options.proxy?.headers };
  const secure = first.protocol === "https:";
  return (secure ? https : http).request({
    agent: options.agent,
    method: options.method ?? "GET",
    host: first.hostname.replace(/^\[|\]$/g, ""),
    port: first.port || (secure ? 443 : 80),
    path: options.proxy === undefined ? `${url.pathname}${url.search}` : absoluteForm(url),
    headers: { host: url.host, ...headers },
    signal: options.signal,
  });
};

const absoluteForm = (url: URL) => `${url.protocol}//${url.host}${url.pathname}${url.search}`;

/** The decompressed body; every trouble on the way ends it with one TransientError. */
const bodyOf = (response: IncomingMessage, silence: number, fault: (error: unknown) => Error): Readable => {
  const body = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    destroy: (error, done) => done(error === null ? null : fault(error)),
  });
  // Whoever reads sees the error; a body that nobody reads must not end the process.
  body.on("error", () => undefined);
  const stages = [watchSilence(silence), ...decodersFor(response), body];
  pipeline([response, ...stages], () => undefined);
  return body;
};

/** Ends the body when nothing arrives for `limit` milliseconds while the reader waits; a slow reader is not the server's fault. */
const watchSilence = (limit: number): Duplex => {
  const stage = new Transform({
    transform: (chunk, _encoding, done) => {
      timer.refresh();
      done(null, chunk);
    },
    flush: (done) => {
      clearTimeout(timer);
      done();
    },
    destroy: (error, done) => {
      clearTimeout(timer);
      done(error);
    },
  });
  const timer = setTimeout(() => {
    if (stage.readableLength > 0) timer.refresh();
    else stage.destroy(new Error(`the body was silent for ${limit} ms`));
  }, limit);
  return stage;
};

/** An answer without a body may still tell an encoding, and a decoder would miss its bytes. */
const decodersFor = ({ statusCode, headers }: IncomingMessage): Duplex[] =>
  statusCode === 204 || statusCode === 304 || headers["content-length"] === "0"
    ? []
    : decodersOf(headers["content-encoding"]);

const decodersOf = (encoding = ""): Duplex[] => {
  const name = encoding.trim().toLowerCase();
  if (name === "" || name === "identity") return [];
  if (name === "gzip" || name === "x-gzip") return [zlib.createGunzip()];
  if (name === "br") return [zlib.createBrotliDecompress()];
  if (name === "deflate") return [zlib.createInflate()];
  return [
    refusing(`content encoding ${JSON.stringify(encoding)} is not supported, only gzip, br and deflate`),
  ];
};

const refusing = (reason: string): Duplex =>
  new Transform({
    transform: (_chunk, _encoding, done) => done(new Error(reason)),
    flush: (done) => done(new Error(reason)),
  });

const faultOf = (url: URL, signal: AbortSignal, error: unknown): Error => {
  if (error instanceof TransientError) return error;
  const cause = signal.aborted ? signal.reason : error;
  return new TransientError(`${placeOf(url)}: ${reasonOf(cause).replace(/\s+/g, " ").trim()}`, { cause });
};
