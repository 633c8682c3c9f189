import { once } from "node:events";
import http, { type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { listening } from "../../../fakes/listening.ts";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Whoever a sink sends to over HTTP: notes what it was sent, and answers what it is told; an object as JSON. */
export const startReceiver = async (answer: (request: Request, response: ServerResponse) => unknown) => {
  const requests: Request[] = [];
  const server = http.createServer(async (incoming, response) => {
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: await buffer(incoming) };
    requests.push(request);
    const body = answer(request, response);
    if (body !== undefined) response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};

export const tenSeconds = () => AbortSignal.timeout(10_000);
