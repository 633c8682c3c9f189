import { pipeline, Readable } from "node:stream";
import zlib from "node:zlib";
import type { Answer } from "./answer.ts";
import type { Request } from "./request.ts";

/**
 * An answer as this request wants it: 304 without a body when the reader has it already (only if it said so by
 * `If-None-Match`), else compressed when it asked for that (RFC 9110 §12.5.3, §13.1.2).
 */
export const present = (request: Request, answer: Answer): Answer => {
  const { ETag } = answer.headers;
  if (ETag !== undefined && hasAlready(request, ETag)) {
    return { statusCode: 304, headers: { ...answer.headers, ...varying }, body: "" };
  }
  const encoding = encodingFor(request.headers["accept-encoding"] ?? "");
  if (encoding === undefined || isSmall(answer))
    return { ...answer, headers: { ...answer.headers, ...varying } };
  const headers = { ...answer.headers, ...varying, "Content-Encoding": encoding };
  return { ...answer, headers, body: compressed(answer.body, encoding) };
};

/** Whether the reader said by `If-None-Match` that it has what the tag stands for. */
export const hasAlready = (request: Request, tag: string): boolean =>
  isMatched(request.headers["if-none-match"] ?? "", tag);

/** Whether the reader can take fewer bytes. */
export const takesCompressed = (request: Request): boolean =>
  encodingFor(request.headers["accept-encoding"] ?? "") !== undefined;

const varying = { Vary: "Accept-Encoding, Authorization" };

/** Weak comparison: what is written before the quotes does not count. */
const isMatched = (header: string, tag: string) => {
  const opaque = (text: string) => text.trim().replace(/^W\//, "");
  return header.split(",").some((one) => one.trim() === "*" || opaque(one) === opaque(tag));
};

const encodings = ["br", "gzip"] as const;
type Encoding = (typeof encodings)[number];

/** The one the reader likes best, of those that it names. */
const encodingFor = (header: string): Encoding | undefined => {
  const wishes = header.split(",").map((wish) => {
    const [name = "", ...parameters] = wish.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return { name, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const weightOf = (encoding: Encoding) => wishes.find(({ name }) => name === encoding)?.weight ?? 0;
  const [best] = [...encodings].sort((a, b) => weightOf(b) - weightOf(a));
  return best !== undefined && weightOf(best) > 0 ? best : undefined;
};

/** Below this a compressed answer is no shorter on the wire. */
const smallest = 1024;

const isSmall = ({ body }: Answer) => typeof body === "string" && body.length < smallest;

/** Quick rather than small: the lists shrink to a twentieth at the lowest level already. */
const compressed = (body: Answer["body"], encoding: Encoding): Readable => {
  const packer =
    encoding === "gzip"
      ? zlib.createGzip({ level: 1 })
      : zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
  // What goes wrong on the way destroys the packer, and whoever reads it learns of it there.
  return pipeline(typeof body === "string" ? Readable.from([body]) : body, packer, () => undefined);
};
