import { createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type ClusterApi, createClusterApi } from "../../../../lib/adapter/objects/clusterapi.ts";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import { listening } from "../../../fakes/listening.ts";

export interface Answered {
  readonly status?: number;
  readonly body: unknown;
}

/** An API server over real HTTP that answers by path, and what it was asked; closed by the caller. */
export const startApiServer = async (answers: (path: string, document: unknown) => Answered | undefined) => {
  const asked: { path: string; document: unknown; headers: IncomingMessage["headers"] }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const document: unknown = body === "" ? undefined : JSON.parse(body);
    const path = request.url ?? "";
    asked.push({ path, document, headers: request.headers });
    const { status = 200, body: answer } = answers(path, document) ?? { status: 404, body: {} };
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  // Who ends a connection is the client.
  server.keepAliveTimeout = 600_000;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  let now = 0;
  const api: ClusterApi = createClusterApi(
    { kind: "api-server", url, httpClient: defaultHttpClient },
    { clock: () => now },
  );
  return {
    api,
    url,
    asked,
    /** Those that are open. */
    sockets,
    clock: () => now,
    later: (milliseconds: number) => {
      now += milliseconds;
    },
    stop: async () => {
      (await api.client()).transport.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
