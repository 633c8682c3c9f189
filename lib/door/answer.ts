import { Readable } from "node:stream";

/** An answer for the REST door; a body in pieces is streamed. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

export const json = (statusCode: number, value: unknown): Answer => ({
  statusCode,
  headers: headersFor("application/json"),
  body: JSON.stringify(value),
});

export const text = (statusCode: number, body: string, type = "text/plain; charset=utf-8"): Answer => ({
  statusCode,
  headers: headersFor(type),
  body,
});

/** Bytes of JSON, handed on piece by piece; they are not made before they are read. `sent` is told of each piece's, before it is compressed. */
export const jsonBytes = (
  pieces: () => Iterable<Uint8Array>,
  sent: (bytes: number) => void = () => undefined,
): Answer => ({
  statusCode: 200,
  headers: headersFor("application/json"),
  body: Readable.from(late(pieces, sent), { objectMode: false }),
});

const late = function* (pieces: () => Iterable<Uint8Array>, sent: (bytes: number) => void) {
  for (const piece of pieces()) {
    sent(piece.length);
    yield piece;
  }
};

/** With an entity tag; a weak one, since the same content may travel in several encodings. */
export const tagged = (answer: Answer, tag: string): Answer => ({
  ...answer,
  // A reader may keep the answer, and asks each time whether it still holds.
  headers: { ...answer.headers, ETag: `W/"${tag}"`, "Cache-Control": "no-cache, private" },
});

/** Prometheus's error envelope (spec §5). */
export const failure = (statusCode: number, errorType: string, error: string, data?: unknown): Answer =>
  json(statusCode, { status: "error", errorType, error, ...(data === undefined ? {} : { data }) });

/** Prometheus's success envelope. */
export const success = (data: unknown): Answer => json(200, { status: "success", data });

const headersFor = (type: string) => ({
  "Content-Type": type,
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  // Nothing here is a page, whatever a label's value may look like.
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
});
