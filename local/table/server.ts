import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readBody } from "../body.ts";
import { credentialProblem } from "../credentials.ts";
import { isLoopbackHeader } from "../loopback.ts";
import { withItemOfFailedCondition } from "./condition.ts";
import type { Inner, InnerAnswer } from "./inner.ts";
import type { TimeToLive } from "./timetolive.ts";

/** The table's own HTTP door: what dynalite lacks is answered here, the rest goes through to it. */
export const createTableServer = (options: {
  inner: Inner;
  timeToLive: TimeToLive;
  accessKeyId: string;
}): Server => {
  const { inner, timeToLive, accessKeyId } = options;
  const answer = async (request: IncomingMessage): Promise<InnerAnswer> => {
    if (!isLoopbackHeader(request.headers.host))
      return problem("AccessDeniedException", "Host is not loopback");
    const stranger = credentialProblem(request.headers.authorization, accessKeyId);
    if (stranger !== undefined) return problem(stranger.code, stranger.message);
    const body = await readBody(request, longestRequest);
    if (body === undefined)
      return { ...problem("RequestEntityTooLarge", "Request is too long"), status: 413 };
    const action = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const own = await timeToLive.answer(action, body);
    if (own) return { status: own.status, headers: jsonType, body: JSON.stringify(own.body) };
    return withItemOfFailedCondition({ inner, action, headers: request.headers, body });
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (ready) => send(response, ready),
      () => response.destroy(),
    );
  });
  // A client that is busy for a while would find all of its connections closed under its next requests.
  server.keepAliveTimeout = keptOpen;
  return server;
};

/** Milliseconds. */
const keptOpen = 60_000;

/** The size at which DynamoDB itself refuses a request. */
const longestRequest = 16 * 1024 * 1024;
const jsonType = { "Content-Type": "application/x-amz-json-1.0" };

const problem = (type: string, message: string): InnerAnswer => ({
  status: 400,
  headers: jsonType,
  body: JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message }),
});

const send = (response: ServerResponse, { status, headers, body }: InnerAnswer) => {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
};
