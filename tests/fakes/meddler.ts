import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** Something that stands between the SDK and an AWS service and makes trouble. Absent answers leave things as they are. */
export interface Meddler {
  /** Another request, an answer instead of the service's, or none at all: cut at once, or never sent. */
  before?(operation: string, input: Json): Meddled | Promise<Meddled>;
  /** Another answer, or none at all: the connection is cut after the service did its work. */
  after?(operation: string, output: Json, input: Json): Json | "cut" | undefined;
}

export type Json = Record<string, unknown>;

/** `body`, where there is one, is a whole answer; otherwise an error of that type. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body?: Json;
}

type Meddled = Json | Answer | "cut" | "hang" | undefined;

/** The port on loopback of the service that a request is for; it listens already. */
export type PortOf = (request: IncomingMessage) => number | Promise<number>;

/** Answers for an HTTP server before services with a JSON protocol. */
export const meddling =
  (portOf: PortOf, meddler: Meddler): RequestListener =>
  (request, response) => {
    handle(portOf, meddler, { request, response }).catch((error) => response.destroy(error));
  };

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const handle = async (portOf: PortOf, meddler: Meddler, { request, response }: Exchange) => {
  const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
  const input: Json = JSON.parse(await text(request));
  const port = await portOf(request);
  const changed = (await meddler.before?.(operation, input)) ?? input;
  if (changed === "hang") return;
  if (changed === "cut") return void response.destroy();
  // As the service words its answers: a client that expects another version of the protocol would not read them.
  const type = { "content-type": String(request.headers["content-type"]) };
  if (isAnswer(changed)) {
    const body = changed.body ?? { __type: changed.type, message: "as the test wants it" };
    return void response.writeHead(changed.status, type).end(JSON.stringify(body));
  }
  const answer = await forward(port, request, changed);
  const output: Json = JSON.parse(await answer.text());
  const altered = answer.ok ? (meddler.after?.(operation, output, input) ?? output) : output;
  if (altered === "cut") return void response.destroy();
  response.writeHead(answer.status, type).end(JSON.stringify(altered));
};

const forward = (port: number, { headers }: IncomingMessage, body: Json) =>
  fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: Object.fromEntries(
      ["x-amz-target", "content-type", "authorization", "x-amz-date"].map((name) => [
        name,
        String(headers[name]),
      ]),
    ),
    body: JSON.stringify(body),
  });

const isAnswer = (value: Json | Answer): value is Answer =>
  typeof value.status === "number" && typeof value.type === "string";
