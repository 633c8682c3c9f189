import type { ServerResponse } from "node:http";
import { type Answer, failure } from "../../lib/door/answer.ts";

/** What API Gateway answers by itself, as infra/gateway.yml has it; what it says of other faults does not occur here. */
export const ownAnswers = {
  noRoute: failure(404, "not_found", "there is no such route"),
  tooLarge: failure(413, "too_large", "the request is larger than 10 MB"),
  noAnswer: failure(502, "unavailable", "no answer could be made; ask again"),
  /** Only here: the door listens before there is anything behind it. */
  starting: failure(503, "unavailable", "not everything is started yet; ask again"),
} satisfies Record<string, Answer>;

export const sendOwn = (response: ServerResponse, name: keyof typeof ownAnswers): void => {
  const { statusCode, headers, body } = ownAnswers[name];
  response.writeHead(statusCode, { ...headers, "Content-Length": Buffer.byteLength(String(body)) });
  response.end(body);
};
