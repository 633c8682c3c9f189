import { createServer as createPlainServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** PEM texts of a server's certificate and key. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

export interface Listener {
  readonly url: string;
  readonly port: number;
  /** Breaks the connections that are open. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0 is any free one. */
  readonly port: number;
  readonly tls?: Tls | undefined;
  /** An address of the loopback network. */
  readonly host?: string;
}

/** Listens on loopback only. Rejects when the port is taken. */
export const listen = async (
  handler: RequestListener,
  { port, tls, host = "127.0.0.1" }: ListenOptions,
): Promise<Listener> => {
  const server: Server = tls === undefined ? createPlainServer(handler) : createTlsServer(tls, handler);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = portOf(server.address());
  return {
    url: `${tls === undefined ? "http" : "https"}://${host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};

const portOf = (address: string | AddressInfo | null) => {
  if (address === null || typeof address === "string") throw new Error("the server has no TCP port");
  return address.port;
};
