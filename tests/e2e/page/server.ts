import { createServer, type Server, type ServerResponse } from "node:http";
import { pageAnswer, readPage } from "../../../lib/serve/page.ts";
import { pageFolder } from "../../../page/build.ts";

/** A door that answers the page and, by fixed answers, the API beneath it: for what a real run shows only by luck. */
export interface PageServer {
  readonly url: string;
  readonly port: number;
  /** What was asked of it, newest last: method, address and the headers that count. */
  readonly asked: readonly Question[];
  close(): Promise<void>;
}

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The answer's `data`, or a refusal. */
export type Reply =
  | { readonly data: unknown; readonly tag?: string }
  | { readonly status: number; readonly error: string };

export interface PageServerOptions {
  readonly answer: (question: Question) => Reply | undefined;
  /** Absent: any free one. */
  readonly port?: number;
  /** Stands before every path, as the stage of a door in the cloud does; with slashes around it. */
  readonly stage?: string;
}

export const startPageServer = async ({
  answer,
  port = 0,
  stage = "/",
}: PageServerOptions): Promise<PageServer> => {
  const files = readPage(pageFolder);
  const asked: Question[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = url.pathname.startsWith(stage) ? url.pathname.slice(stage.length) : "nowhere";
    const file = pageAnswer(files, path === "" ? "index.html" : path.replace(/^page\//, ""));
    if (file !== undefined) return send(response, file.statusCode, file.headers, String(file.body));
    const question = {
      method: request.method ?? "",
      path,
      query: url.searchParams,
      headers: request.headers,
    };
    asked.push(question);
    reply(response, answer(question), question);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const taken = portOf(server);
  return {
    url: `http://127.0.0.1:${taken}${stage}`,
    port: taken,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const json = { "Content-Type": "application/json" };

const reply = (response: ServerResponse, given: Reply | undefined, { headers }: Question) => {
  if (given === undefined)
    return send(response, 404, json, JSON.stringify({ status: "error", error: "no such path" }));
  if ("error" in given) {
    return send(
      response,
      given.status,
      json,
      JSON.stringify({ status: "error", errorType: "bad_data", error: given.error }),
    );
  }
  const tag = given.tag === undefined ? {} : { ETag: `W/"${given.tag}"` };
  if (given.tag !== undefined && headers["if-none-match"] === `W/"${given.tag}"`)
    return send(response, 304, tag, "");
  send(response, 200, { ...json, ...tag }, JSON.stringify({ status: "success", data: given.data }));
};

const send = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
) => {
  response.writeHead(status, headers);
  response.end(body);
};

const portOf = (server: Server) => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};
