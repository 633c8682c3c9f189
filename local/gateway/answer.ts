import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Writable } from "node:stream";
import * as z from "zod";
import { ClientGoneError, onHead, type StreamHead } from "../function/awslambda.ts";
import { sendOwn } from "./own.ts";

/** Sends what a buffered function returned; anything that API Gateway would not take is 502. */
export const sendBuffered = (response: ServerResponse, returned: unknown): void => {
  const parsed = answerSchema.safeParse(returned);
  const { statusCode, body, isBase64Encoded, ...head } = parsed.data ?? {};
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (statusCode === undefined || bytes.length > longestBuffered) {
    sendOwn(response, "noAnswer");
    return;
  }
  response.writeHead(statusCode, { ...headersOf(head), "Content-Length": bytes.length });
  response.end(bytes);
};

/**
 * The stream that a streaming function writes its answer into. It is only as fast as the client, and breaks when the
 * client goes away.
 */
export const toResponseStream = (response: ServerResponse): Writable => {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!response.headersSent)
        return done(new Error("bytes came before HttpResponseStream.from named the status"));
      if (chunk.length === 0 || response.write(chunk)) done();
      else response.once("drain", () => done());
    },
    final(done) {
      if (!response.headersSent)
        return done(new Error("the answer ended before HttpResponseStream.from named the status"));
      response.end();
      done();
    },
  });
  // Whoever waits for the function learns of it; without a listener the process would end.
  stream.on("error", () => {});
  onHead(stream, (head) => response.writeHead(head.statusCode ?? 200, headersOf(head)));
  response.once("close", () => {
    if (!response.writableFinished) stream.destroy(new ClientGoneError("the client went away"));
  });
  return stream;
};

/** Lambda's limit of an answer that is not streamed. */
const longestBuffered = 6 * 1024 * 1024;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const answerSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

type Head = Pick<StreamHead, "cookies"> &
  Pick<z.infer<typeof answerSchema>, "headers"> & {
    readonly multiValueHeaders?:
      | Readonly<Record<string, readonly (string | number | boolean)[]>>
      | null
      | undefined;
  };

const headersOf = ({ headers, multiValueHeaders, cookies }: Head): OutgoingHttpHeaders => {
  const all: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers ?? {})) all[name.toLowerCase()] = String(value);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    all[name.toLowerCase()] = values.map(String);
  if (cookies && cookies.length > 0) all["set-cookie"] = [...cookies];
  return all;
};
