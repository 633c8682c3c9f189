import type { OutgoingHttpHeaders } from "node:http";
import type { HttpClientConfig } from "../config/configuration.ts";
import { type Credentials, type CredentialsFor, ownCredentials } from "../credential/credentials.ts";
import { authorizationFor } from "./authorization.ts";
import { authorizationOfUrl } from "./basic.ts";
import { type Connections, createConnections } from "./connections.ts";
import { lowerCased, readCustomHeaders, withoutCredentials } from "./headers.ts";
import { createTokenSource, type TokenSource } from "./oauth2.ts";
import { placeOf } from "./place.ts";
import type { Environment } from "./proxy.ts";
import { maxRedirects, redirectOf } from "./redirect.ts";
import type { Answer, OpenOptions, Transport } from "./transport.ts";

export interface TransportOptions {
  /** For `proxy_from_environment`; the process's own by default. */
  readonly environment?: Environment;
  /** Milliseconds since 1970, for the expiry of tokens. */
  readonly now?: () => number;
  /** True in the cloud: loopback and link-local addresses are refused (design §3.1). */
  readonly publicOnly?: boolean;
  /** Who resolves secrets and reads files; the configuration itself and this machine by default. */
  readonly credentialsFor?: CredentialsFor;
}

/**
 * Prometheus's HTTP client block at work (prometheus/common `config/http_config.go`). Every file is read anew on each
 * `open`. `enable_http2` has no effect: HTTP/1.1 carries the same requests and answers over kept connections, and API
 * servers, Swarm masters and HTTP SD servers all speak it; Prometheus has the option to get around faults of Go's HTTP/2.
 */
export const createTransport = (config: HttpClientConfig, options: TransportOptions = {}): Transport => {
  const credentials = (options.credentialsFor ?? ownCredentials)();
  const connect = connector(options, credentials);
  const connections = connect(config);
  const tokenConnections = config.oauth2 && connect(config.oauth2);
  const { now = Date.now } = options;
  const tokens =
    config.oauth2 &&
    tokenConnections &&
    createTokenSource(config.oauth2, { connections: tokenConnections, credentials, now });
  const sender: Sender = { config, connections, credentials, tokens };
  return {
    open: (url, open) => follow(sender, url, { ...open, headers: lowerCased(open.headers ?? {}) }),
    close: () => {
      connections.close();
      tokenConnections?.close();
    },
  };
};

interface Sender {
  readonly config: HttpClientConfig;
  readonly connections: Connections;
  readonly credentials: Credentials;
  readonly tokens: TokenSource | undefined;
}

type Open = OpenOptions & { readonly headers: Readonly<Record<string, string>> };

const connector =
  ({ environment = process.env, publicOnly = false }: TransportOptions, credentials: Credentials) =>
  ({ tls, proxy }: Pick<HttpClientConfig, "tls" | "proxy">): Connections =>
    createConnections({ tls, proxy, environment, publicOnly, credentials });

/** Once a redirect has left the origin, credentials stay behind for good, even if a later one leads back. */
const follow = async (sender: Sender, start: URL, open: Open): Promise<Answer> => {
  let url = start;
  let trusted = true;
  for (let followed = 0; followed <= maxRedirects; followed++) {
    const answer = await ask(sender, url, { ...open, trusted });
    const follows = sender.config.followRedirects && open.body === undefined;
    const next = follows ? redirectOf(answer, url) : undefined;
    if (next === undefined) return answer;
    answer.body.destroy();
    trusted &&= next.origin === start.origin;
    url = next;
  }
  throw new Error(`${placeOf(start)}: stopped after ${maxRedirects} redirects`);
};

/** A credential may have been rotated since it was had: refused once, it is had anew and shown once more. */
const ask = async (sender: Sender, url: URL, open: Open & { trusted: boolean }): Promise<Answer> => {
  const answer = await askOnce(sender, url, open);
  if (answer.status !== 401 || !open.trusted || !sender.credentials.refused()) return answer;
  answer.body.destroy();
  return askOnce(sender, url, open);
};

const askOnce = async (sender: Sender, url: URL, open: Open & { trusted: boolean }): Promise<Answer> => {
  const { trusted, method = "GET", body, signal, timeoutMilliseconds, hasPublicQuery = false } = open;
  const sent = body === undefined ? {} : { body };
  const headers = trusted ? await withCredentials(sender, url, open) : withoutCredentials(open.headers);
  const request = { method, headers, ...sent, signal, timeoutMilliseconds, hasPublicQuery, trusted };
  return sender.connections.send(url, request);
};

/** The caller's headers win over the configuration's, and the configuration's login over one in the URL. */
const withCredentials = async (sender: Sender, url: URL, open: Open): Promise<OutgoingHttpHeaders> => {
  const { config, credentials, tokens } = sender;
  const headers = { ...(await readCustomHeaders(config.httpHeaders, credentials)), ...open.headers };
  if (headers.authorization !== undefined) return headers;
  const { timeoutMilliseconds } = open;
  const authorization =
    (await authorizationFor(config, { credentials, tokens, timeoutMilliseconds })) ?? authorizationOfUrl(url);
  return authorization === undefined ? headers : { ...headers, authorization };
};
