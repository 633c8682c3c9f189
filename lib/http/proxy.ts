import type { ProxyConfig } from "../config/configuration.ts";
import { Secret } from "../config/secret.ts";
import type { Credentials } from "../credential/credentials.ts";
import { authorizationOfUrl } from "./basic.ts";
import { isLoopback, isSpared } from "./noproxy.ts";

/** The variables of a process, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy to go through. Its URL may carry a password and is never shown. */
export interface ProxyServer {
  readonly url: URL;
  /** Sent with CONNECT only, as Go does. */
  readonly connectHeader: Readonly<Record<string, string[]>>;
}

/**
 * The proxy for a URL, or undefined for a direct way. As in Go, loopback addresses are never proxied when the proxy comes
 * from the environment or `no_proxy` is set. Throws when the proxy is not an HTTP(S) URL, without showing it.
 */
export const proxyFor = (
  url: URL,
  config: ProxyConfig,
  environment: Environment,
): ProxyServer | undefined => {
  const chosen = config.fromEnvironment
    ? fromEnvironment(url, environment)
    : { text: config.url?.reveal() ?? "", noProxy: config.noProxy ?? "" };
  if (chosen.text === "") return undefined;
  if ((config.fromEnvironment || chosen.noProxy !== "") && isLoopback(url)) return undefined;
  if (isSpared(url, chosen.noProxy)) return undefined;
  return { url: parseProxyUrl(chosen.text), connectHeader: revealed(config.connectHeader) };
};

/** The proxy block with what it refers to in its place. */
export const resolvedProxy = async (config: ProxyConfig, credentials: Credentials): Promise<ProxyConfig> => {
  const resolved = async (secret: Secret) => new Secret(await credentials.reveal(secret));
  const headers = Object.entries(config.connectHeader).map(
    async ([name, values]) => [name, await Promise.all(values.map(resolved))] as const,
  );
  return {
    ...config,
    ...(config.url && { url: await resolved(config.url) }),
    connectHeader: Object.fromEntries(await Promise.all(headers)),
  };
};

/** What a proxy is told about who we are, when its URL says so. */
export const proxyAuthorization = ({ url }: ProxyServer): Record<string, string> => {
  const login = authorizationOfUrl(url);
  return login === undefined ? {} : { "proxy-authorization": login };
};

const fromEnvironment = (url: URL, environment: Environment) => {
  const read = (name: string) => environment[name] || environment[name.toLowerCase()] || "";
  const secure = url.protocol === "https:";
  // Under CGI a client's `Proxy:` header becomes HTTP_PROXY, so Go does not trust it there, and neither do we.
  const text = secure ? read("HTTPS_PROXY") : environment.REQUEST_METHOD ? "" : read("HTTP_PROXY");
  return { text, noProxy: read("NO_PROXY") };
};

const parseProxyUrl = (text: string): URL => {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null) throw new Error("the proxy's URL is not valid");
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new Error(`a proxy with scheme ${url.protocol.slice(0, -1)} is not supported, only http and https`);
};

const revealed = (header: ProxyConfig["connectHeader"]): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(header).map(([name, secrets]) => [name, secrets.map((secret) => secret.reveal())]),
  );
