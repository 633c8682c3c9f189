import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ProxyServer, proxyAuthorization } from "./proxy.ts";

export interface TunnelOptions extends https.AgentOptions {
  readonly proxy: ProxyServer;
  /** How the proxy itself is reached. */
  readonly proxyAgentOptions: https.AgentOptions;
}

/** A proxy that does not answer CONNECT within this time is given up, so that a dead one cannot collect connections. */
const connectMilliseconds = 30_000;

/**
 * An agent for https URLs behind a proxy: each connection is a CONNECT tunnel with TLS to the server inside, so the proxy
 * sees neither headers nor credentials. A refusal by the proxy is an error, never mistaken for the server's answer.
 */
export const createTunnelAgent = (options: TunnelOptions): https.Agent => new TunnelAgent(options);

/** A class because Node's agents are extended by overriding `createConnection`. */
class TunnelAgent extends https.Agent {
  readonly #tunnel: TunnelOptions;

  constructor(options: TunnelOptions) {
    const { proxy, proxyAgentOptions, ...agentOptions } = options;
    super(agentOptions);
    this.#tunnel = options;
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const request = connectThrough(this.#tunnel, authorityOf(options));
    const timer = setTimeout(() => request.destroy(new Error("no answer in time")), connectMilliseconds);
    const fail = (error: Error) => callback?.(error, new Socket().destroy());
    request.once("connect", (response, socket) => {
      clearTimeout(timer);
      if (response.statusCode === 200) {
        const secure = super.createConnection(Object.assign({}, options, { socket }));
        if (secure) callback?.(null, secure);
        return;
      }
      socket.destroy();
      fail(new Error(`the proxy refused to connect: ${response.statusCode} ${response.statusMessage}`));
    });
    request.on("error", (cause) => {
      clearTimeout(timer);
      fail(new Error("cannot connect through the proxy", { cause }));
    });
    request.end();
  }
}

const connectThrough = ({ proxy, proxyAgentOptions }: TunnelOptions, authority: string) => {
  const secure = proxy.url.protocol === "https:";
  return (secure ? https : http).request({
    ...(secure ? proxyAgentOptions : { lookup: proxyAgentOptions.lookup }),
    agent: false,
    method: "CONNECT",
    host: proxy.url.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.url.port || (secure ? 443 : 80),
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy), ...proxy.connectHeader },
  });
};

const authorityOf = ({ host, port }: https.RequestOptions): string =>
  `${host?.includes(":") ? `[${host}]` : host}:${port}`;
