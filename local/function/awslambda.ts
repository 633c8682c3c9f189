import type { Writable } from "node:stream";

/** A handler that `awslambda.streamifyResponse` wrapped. */
export type StreamingHandler = (event: unknown, stream: Writable, context: unknown) => Promise<unknown>;

/** What comes before the bytes of a streamed answer. */
export interface StreamHead {
  readonly statusCode?: number | undefined;
  readonly headers?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly cookies?: readonly string[] | undefined;
}

/**
 * Puts the global `awslambda` in place that Lambda's Node runtime has, as far as streamed answers need it. Handlers use
 * it while they are imported, so this comes before.
 */
export const defineAwslambda = (): void => {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: StreamingHandler) => Object.assign(handler, { [streaming]: "response" }),
      HttpResponseStream: {
        from(stream: Writable, head: StreamHead) {
          begun.add(stream);
          heads.get(stream)?.(head);
          return stream;
        },
      },
    },
  });
};

export const isStreaming = (handler: unknown): handler is StreamingHandler =>
  typeof handler === "function" && streaming in handler && handler[streaming] === "response";

/** Whether the handler has called `HttpResponseStream.from` with this stream. */
export const hasBegun = (stream: Writable): boolean => begun.has(stream);

/** `begin` is told the head when the handler calls `HttpResponseStream.from` with this stream. */
export const onHead = (stream: Writable, begin: (head: StreamHead) => void): void => {
  heads.set(stream, begin);
};

/** Destroys a response stream whose reader has left; nobody's fault, so nobody logs it. */
export class ClientGoneError extends Error {
  override name = "ClientGoneError";
}

/** The mark that Lambda's runtime itself puts on such a handler. */
const streaming = Symbol.for("aws.lambda.runtime.handler.streaming");

const begun = new WeakSet<Writable>();
const heads = new WeakMap<Writable, (head: StreamHead) => void>();
