import http, { type RequestListener, type Server } from "node:http";
import https, { type ServerOptions } from "node:https";
import type { TestContext } from "node:test";
import { listening } from "../../../fakes/listening.ts";

/** A real server on a free port of the loopback, closed with its connections when the test ends. */
export const serve = async (
  test: Pick<TestContext, "after">,
  listener: RequestListener,
  tls?: ServerOptions,
): Promise<{ url: URL; server: Server }> => {
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  const port = await listening(server);
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const scheme = tls === undefined ? "http" : "https";
  return { url: new URL(`${scheme}://127.0.0.1:${port}/`), server };
};
