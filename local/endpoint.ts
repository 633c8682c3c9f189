import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { credentialProblem } from "./credentials.ts";
import { isLoopbackHeader } from "./loopback.ts";
import { type Service, ServiceError } from "./protocol.ts";

/** The local AWS: every service on one loopback port, told apart by `X-Amz-Target`. */
export interface Endpoint {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL and for queue URLs. */
  readonly url: string;
  /** Services come once the port is known, since queue URLs contain it. */
  serve(services: readonly Service[]): void;
  close(): Promise<void>;
}

/** Only requests under this access key are answered. */
export const startEndpoint = async ({ accessKeyId }: { accessKeyId: string }): Promise<Endpoint> => {
  let services: readonly Service[] = [];
  const server = createServer((request, response) => {
    answer(request, response, { services, accessKeyId }).then(
      (body) => send(response, 200, body),
      (thrown) => sendError(response, thrown),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the local AWS endpoint has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve(given) {
      services = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Ten entries of the largest size, escaped as JSON. */
const longestRequest = 8 * 1024 * 1024;

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { services, accessKeyId }: { services: readonly Service[]; accessKeyId: string },
) => {
  if (!isLoopbackHeader(request.headers.host))
    throw new ServiceError("AccessDeniedException", "Host is not loopback");
  const stranger = credentialProblem(request.headers.authorization, accessKeyId);
  if (stranger !== undefined) throw new ServiceError(stranger.code, stranger.message);
  const [target, action = ""] = String(request.headers["x-amz-target"]).split(".");
  const service = services.find((one) => one.target === target);
  const act = service && Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (request.method !== "POST" || !service || !act) {
    throw new ServiceError(
      "UnknownOperationException",
      `${request.headers["x-amz-target"]} is not known here`,
    );
  }
  if (request.headers["content-type"] !== service.contentType) {
    const message = `content type ${request.headers["content-type"]}, expected ${service.contentType}`;
    throw new ServiceError("SerializationException", message);
  }
  const body = await readBody(request, longestRequest);
  if (body === undefined) throw new ServiceError("RequestEntityTooLarge", "the request is too long");
  response.setHeader("Content-Type", service.contentType);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return act(parse(body), gone.signal);
};

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new ServiceError("SerializationException", `the body is not JSON: ${String(cause)}`);
  }
};

const send = (response: ServerResponse, status: number, body: object) => {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Length": Buffer.byteLength(text), "x-amzn-RequestId": randomUUID() });
  response.end(text);
};

const sendError = (response: ServerResponse, thrown: unknown) => {
  if (!response.hasHeader("Content-Type")) response.setHeader("Content-Type", "application/x-amz-json-1.0");
  if (!(thrown instanceof ServiceError))
    return send(response, 500, { __type: "InternalFailure", message: String(thrown) });
  if (thrown.queryCode) response.setHeader("x-amzn-query-error", `${thrown.queryCode};Sender`);
  send(response, 400, { __type: thrown.code, message: thrown.message });
};
