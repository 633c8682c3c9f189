import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

/** Carries requests to one kind of place with one set of credentials; `createTransport` (client.ts) makes it. */
export interface Transport {
  /**
   * Sends a GET, or what else is asked; resolves once status and headers arrived, whatever the status. The body is
   * already decompressed: read it to its end or destroy it, since an unread one holds a connection. Rejects with a
   * TransientError on network trouble, a time-out or an abort, in one line that names the URL without userinfo and
   * query, and the cause; with a plain Error when a credential cannot be read or the request is not allowed.
   */
  open(url: URL, options: OpenOptions): Promise<Answer>;
  /** Ends idle and open connections; the transport is not used afterwards. */
  close(): void;
}

export interface OpenOptions {
  /** GET by default. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  /** Of a POST or PUT, with its `content-type` among the headers; a redirect is then an answer like any other. */
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the request and the body, too. */
  readonly signal: AbortSignal;
  /** How long to wait for the headers of each answer, and for each silence in its body. */
  readonly timeoutMilliseconds: number;
  /** The URL's query is no secret: errors may quote what is in it. */
  readonly hasPublicQuery?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/**
 * The whole body. Rejects with an Error when it is larger than `maxBytes` after decompression, so that a small answer
 * cannot grow without bound, and with the body's own TransientError when it breaks off.
 */
export const readAll = async (answer: Answer, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (size > maxBytes) throw new Error(`the answer's body is larger than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
};
