import { TransientError } from "../../errors.ts";
import { type Answer, readAll } from "../../http/transport.ts";
import { record, text } from "./objects/decode.ts";

/** The status of an answer that was not what was asked for: the cause of the error that tells people about it. */
export class AnswerStatus extends Error {
  override name = "AnswerStatus";
  readonly code: number;
  /** How long the server wants to be left alone; undefined when it does not say. */
  readonly retryAfterMilliseconds: number | undefined;

  constructor(code: number, message: string, retryAfterMilliseconds: number | undefined) {
    super(message);
    this.code = code;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
  }
}

/** The status with which the API server answered, if that is what an error is about. */
export const statusOf = (error: unknown): AnswerStatus | undefined => {
  if (error instanceof AnswerStatus) return error;
  return error instanceof Error ? statusOf(error.cause) : undefined;
};

/**
 * The error for an answer of another status than 200, and the end of that answer. 429 and 5xx pass; what a server forbids
 * or does not know stays so until someone acts.
 */
export const refusalOf = async (answer: Answer, place: string): Promise<Error> => {
  const status = `${answer.status} ${answer.statusText}`.trim();
  const cause = new AnswerStatus(answer.status, status, retryAfterOf(answer));
  const message = await messageOf(answer);
  const line = `GET ${place}: ${status}${message === "" ? "" : `: ${message}`}`;
  return answer.status === 429 || answer.status >= 500
    ? new TransientError(line, { cause })
    : new Error(line, { cause });
};

/** The error for an answer that is something else than JSON, and the end of that answer; undefined for JSON. */
export const notJson = (answer: Answer, place: string, what: "list" | "watch"): Error | undefined => {
  if (isJson(answer)) return undefined;
  answer.body.destroy();
  return new Error(`GET ${place}: expected a JSON ${what}, got ${mediaTypeOf(answer) || "no content type"}`);
};

/** Milliseconds out of `Retry-After` in seconds, the only form that API servers use. */
export const retryAfterOf = ({ headers }: Pick<Answer, "headers">): number | undefined => {
  const seconds = Number(headers["retry-after"] ?? "none");
  return seconds >= 0 ? seconds * 1000 : undefined;
};

export const oneLine = (message: string) => message.replace(/\s+/g, " ").trim().slice(0, 300);

const mostErrorBytes = 64 * 1024;

/** The message of a `Status` object, or the first line of a plain text; a page for people says nothing here. */
const messageOf = async (answer: Answer): Promise<string> => {
  const json = isJson(answer);
  if (!json && mediaTypeOf(answer) !== "text/plain") {
    answer.body.destroy();
    return mediaTypeOf(answer) === "" ? "" : `(${mediaTypeOf(answer)})`;
  }
  try {
    const body = (await readAll(answer, mostErrorBytes)).toString("utf8");
    return oneLine(json ? text(record(JSON.parse(body), "answer").message, "message") : body);
  } catch {
    // The status line is already the answer's meaning; a broken explanation of it is left out.
    return "";
  }
};

const mediaTypeOf = (answer: Answer): string =>
  (answer.headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();

const isJson = (answer: Answer): boolean => /^application\/(json|.+\+json)$/.test(mediaTypeOf(answer));
