import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https, { type ServerOptions } from "node:https";
import { text } from "node:stream/consumers";

export interface AskedOfKubelet {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface FakeKubelet {
  readonly address: string;
  readonly port: number;
  readonly requests: AskedOfKubelet[];
  close(): Promise<void>;
}

export interface KubeletOptions {
  /** Of the loopback network. */
  readonly address?: string;
  /** 0 for any. */
  readonly port?: number;
  /** Plain HTTP without. */
  readonly tls?: ServerOptions;
  /** What it answers; an object as JSON. */
  readonly answer: (request: AskedOfKubelet, response: ServerResponse) => unknown;
}

/** A kubelet on loopback: one HTTP or HTTPS listener that notes who asked for what. */
export const startKubelet = async (options: KubeletOptions): Promise<FakeKubelet> => {
  const { address = "127.0.0.1", port = 0, tls, answer } = options;
  const requests: AskedOfKubelet[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url: path = "", headers } = request;
    const asked = { method, path, authorization: headers.authorization, body: await text(request) };
    requests.push(asked);
    const body = answer(asked, response);
    if (body !== undefined) response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  };
  const server = tls === undefined ? http.createServer(serve) : https.createServer(tls, serve);
  // A client that does not trust us breaks off; that is not the fake's affair.
  server.on("tlsClientError", () => undefined);
  server.listen(port, address);
  await once(server, "listening");
  const bound = server.address();
  return {
    address,
    port: bound !== null && typeof bound === "object" ? bound.port : 0,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};
