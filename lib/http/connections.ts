import http from "node:http";
import https, { type AgentOptions } from "node:https";
import type { ProxyConfig, TlsConfig } from "../config/configuration.ts";
import type { Credentials } from "../credential/credentials.ts";
import { type Environment, type ProxyServer, proxyAuthorization, proxyFor, resolvedProxy } from "./proxy.ts";
import { publicLookup, refuseInwardHost } from "./publicaddress.ts";
import { type SendOptions, send } from "./send.ts";
import { readTlsMaterial, type TlsMaterial, withoutClientCertificate } from "./tls.ts";
import type { Answer } from "./transport.ts";
import { createTunnelAgent } from "./tunnel.ts";

export interface ConnectionsOptions {
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
  /** For `proxy_from_environment`. */
  readonly environment: Environment;
  /** True in the cloud: loopback and link-local addresses are refused. */
  readonly publicOnly: boolean;
  readonly credentials: Credentials;
}

export type Request = Omit<SendOptions, "agent" | "proxy"> & {
  /** False on an origin that the credentials are not meant for: the client certificate stays at home. */
  readonly trusted: boolean;
};

/** Sends requests over kept connections, with the TLS files of this very moment, through the proxy that fits. */
export interface Connections {
  send(url: URL, request: Request): Promise<Answer>;
  close(): void;
}

export const createConnections = (options: ConnectionsOptions): Connections => {
  const agents = createAgents(options.publicOnly);
  return {
    send: async (url, { trusted, ...request }) => {
      const proxy = proxyFor(
        url,
        await resolvedProxy(options.proxy, options.credentials),
        options.environment,
      );
      // A proxy that leads inwards would be asked for something there as much as a server.
      if (options.publicOnly) for (const place of [url, proxy?.url ?? url]) refuseInwardHost(place);
      const tls = trusted ? options.tls : withoutClientCertificate(options.tls);
      const agent = agents.for(url, await readTlsMaterial(tls, options.credentials), proxy);
      const plainProxy = url.protocol === "http:" ? proxy : undefined;
      return send(url, { ...request, agent, ...(plainProxy && { proxy: withLogin(plainProxy) }) });
    },
    close: agents.close,
  };
};

const withLogin = (proxy: ProxyServer) => ({ url: proxy.url, headers: proxyAuthorization(proxy) });

/** Agents are kept while their TLS material and proxy stay the same, so that connections are reused. */
const createAgents = (publicOnly: boolean) => {
  const kept = new Map<string, http.Agent>();
  return {
    for: (url: URL, material: TlsMaterial, proxy: ProxyServer | undefined): http.Agent => {
      const key = keyOf(url, material, proxy);
      const agent = kept.get(key) ?? createAgent(url, material, { proxy, publicOnly });
      // Moved to the end: the first one is then the one unused for longest.
      kept.delete(key);
      kept.set(key, agent);
      for (const [oldest, unused] of kept) {
        if (kept.size <= maxAgents) break;
        kept.delete(oldest);
        unused.destroy();
      }
      return agent;
    },
    close: () => {
      for (const agent of kept.values()) agent.destroy();
      kept.clear();
    },
  };
};

/** Enough for a proxy, a redirect or two and the connections of a certificate that was just rotated away. */
const maxAgents = 8;

/** An idle connection is closed after this time, as Prometheus does. */
const idleMilliseconds = 5 * 60_000;

const keyOf = (url: URL, material: TlsMaterial, proxy: ProxyServer | undefined): string => {
  const through = proxy === undefined ? "" : JSON.stringify([proxy.url.href, proxy.connectHeader]);
  return `${url.protocol} ${material.fingerprint} ${through}`;
};

const createAgent = (
  url: URL,
  material: TlsMaterial,
  { proxy, publicOnly }: { proxy: ProxyServer | undefined; publicOnly: boolean },
): http.Agent => {
  const basics: AgentOptions = { keepAlive: true, timeout: idleMilliseconds };
  // Behind a proxy it is the proxy that resolves the server's name; its own is resolved here.
  if (publicOnly) basics.lookup = publicLookup;
  if (url.protocol === "https:" && proxy !== undefined) {
    const tls = material.agentOptions();
    const proxyAgentOptions = { ...tls, ...(publicOnly && { lookup: publicLookup }) };
    return createTunnelAgent({ ...basics, ...tls, proxy, proxyAgentOptions });
  }
  const first = proxy?.url ?? url;
  return first.protocol === "https:"
    ? new https.Agent({ ...basics, ...material.agentOptions() })
    : new http.Agent(basics);
};
