import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";

/** How an answer travels: `at` and `text` are what its kind makes of them. */
export type Way = { readonly kind: Kind; readonly at: number; readonly text: string };
export type Kind = (typeof whole)[number] | (typeof broken)[number];

/** Ways on which an answer arrives as it was sent. */
export const whole = ["plain", "gzip", "pieces", "closed", "interim"] as const;
/** Ways on which none arrives: who takes such an answer for one has been deceived. */
export const broken = [
  ...["status", "reason", "echo", "short", "long", "badChunk", "cutChunk", "reset", "stall", "drip"],
  ...["badGzip", "cutGzip", "bomb", "noHttp", "manyHeaders", "encoding", "circle", "other"],
] as const;

export const isSlow = ({ way: { kind } }: { readonly way: Way }): boolean =>
  kind === "stall" || kind === "drip";

/** A sound answer, and blanks behind it, in more bytes than anybody may take. */
export const isOversized = ({ way: { kind, at } }: { readonly way: Way }): boolean =>
  kind === "bomb" && bombMegabytes(at) === 256;

export interface Sending {
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
  readonly text: string;
}

type Send = (sending: Sending, request: IncomingMessage) => void | Promise<void>;

export const ways: Readonly<Record<Kind, Send>> = {
  plain: ({ response, headers, body }) => void response.writeHead(200, headers).end(body),
  gzip: ({ response, headers, body }) =>
    void response
      .writeHead(200, { ...headers, "content-encoding": "gzip" })
      .end(gzipSync(body, { level: 1 })),
  pieces: async ({ response, headers, body, at }) => {
    response.writeHead(200, headers);
    const size = Math.max(1, Math.ceil(body.length / (2 + (at % 8))));
    for (let from = 0; from < body.length; from += size) {
      response.write(body.subarray(from, from + size));
      await pause(0);
    }
    response.end();
  },
  closed: (sending) => {
    raw(sending, head(sending, "connection: close"), sending.body);
    end(sending);
  },
  interim: (sending) => {
    sending.response.writeEarlyHints({ link: "</a>; rel=preload" });
    return ways.plain(sending, sending.response.req);
  },
  status: ({ response, headers, body, at }) =>
    void response.writeHead(statuses[at % statuses.length] ?? 500, headers).end(emptied(body)),
  reason: (sending) => {
    const words = sending.text.replace(/[^\x20-\x7e\x80-\xff]/g, "");
    raw(sending, Buffer.from(`HTTP/1.1 503 ${words}\r\ncontent-length: 0\r\n\r\n`, "latin1"));
  },
  echo: ({ response, at }, { headers: { authorization = "" } }) => {
    const decoded = Buffer.from(authorization.replace(/^\w+ /, ""), "base64").toString("utf8");
    const message = `who is ${authorization}, that is ${decoded}?`;
    response.writeHead(at % 2 === 0 ? 401 : 500, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ message, kind: "Status", status: "error", error: message, errorType: "auth" }),
    );
  },
  short: (sending) => {
    raw(sending, head(sending, `content-length: ${sending.body.length + 1 + sending.at}`), sending.body);
    end(sending);
  },
  long: (sending) => {
    raw(
      sending,
      head(sending, `content-length: ${Math.max(0, Math.min(cutAt(sending), sending.body.length - 1))}`),
      sending.body,
    );
    end(sending);
  },
  badChunk: (sending) => {
    openChunk(sending);
    raw(sending, "\r\nzz\r\n");
    end(sending);
  },
  cutChunk: (sending) => {
    openChunk(sending);
    end(sending);
  },
  reset: (sending) => {
    raw(
      sending,
      head(sending, `content-length: ${sending.body.length}`),
      sending.body.subarray(0, cutAt(sending)),
    );
    sending.response.socket?.resetAndDestroy();
  },
  stall: (sending) =>
    raw(
      sending,
      head(sending, `content-length: ${sending.body.length + 1}`),
      sending.body.subarray(0, cutAt(sending)),
    ),
  drip: async ({ response, headers }) => {
    response.writeHead(200, headers);
    while (!response.destroyed && response.socket?.destroyed === false) {
      response.write(" ");
      await pause(10);
    }
  },
  badGzip: ({ response, headers, body }) =>
    void response
      .writeHead(200, { ...headers, "content-encoding": "gzip" })
      .end(Buffer.concat([Buffer.from([0]), body])),
  cutGzip: (sending) => {
    const { response, headers, body, at } = sending;
    const zipped = gzipSync(body, { level: 1 });
    const most = Math.floor((at / 10_001) * (zipped.length - 8));
    response.writeHead(200, { ...headers, "content-encoding": "gzip" }).end(zipped.subarray(0, most));
  },
  bomb: ({ response, headers, body, at }) =>
    void response
      .writeHead(200, { ...headers, "content-encoding": "gzip" })
      .end(Buffer.concat([gzipSync(body, { level: 1 }), zippedBlanks(bombMegabytes(at))])),
  noHttp: (sending) => {
    raw(sending, `${sending.text}\r\n\r\n`);
    end(sending);
  },
  manyHeaders: (sending) => {
    raw(
      sending,
      head(sending, ...Array.from({ length: 3_000 }, (_, at) => `x-${at}: ${"a".repeat(100)}`)),
      sending.body,
    );
    end(sending);
  },
  encoding: ({ response, headers, body }) =>
    void response.writeHead(200, { ...headers, "content-encoding": "rot13" }).end(body),
  other: ({ response, headers, at, text }) => {
    const document = {
      kind: "Status",
      status: "Failure",
      message: text,
      error: "other",
      code: 500 + (at % 5),
    };
    response.writeHead(200, headers).end(JSON.stringify({ apiVersion: "v1", metadata: {}, ...document }));
  },
  circle: ({ response }, { url = "/" }) => void response.writeHead(302, { location: url }).end(),
};

const cutAt = ({ body, at }: Sending) => Math.floor((at / 10_001) * body.length);

/** The connection below the answer, for what no server's library would send. */
const raw = ({ response }: Sending, ...parts: (string | Buffer)[]): void => {
  for (const part of parts) response.socket?.write(part);
};

const head = ({ headers }: Sending, ...more: string[]) =>
  `${["HTTP/1.1 200 OK", ...Object.entries(headers).map((pair) => pair.join(": ")), ...more].join("\r\n")}\r\n\r\n`;

/** The whole body as a first chunk, without what ends a chunk. */
const openChunk = (sending: Sending): void => {
  const length = `${sending.body.length.toString(16)}\r\n`;
  raw(sending, head(sending, "transfer-encoding: chunked"), length, sending.body);
};

const end = ({ response }: Sending) => void response.socket?.end();

/** The same document with nothing in its lists: who takes it for an answer loses what there was. */
const emptied = (body: Buffer): string => {
  try {
    return JSON.stringify(JSON.parse(body.toString("utf8")), (_key, value: unknown) =>
      Array.isArray(value) ? [] : value,
    );
  } catch {
    return "";
  }
};

const statuses = [204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504];

/** More than most bounds, or now and then than all. */
const bombMegabytes = (at: number) => (at % 10 === 9 ? 256 : 40);

const blanks = new Map<number, Buffer>();
/** As many megabytes in as many kilobytes. */
const zippedBlanks = (megabytes: number): Buffer => {
  const zipped = blanks.get(megabytes) ?? gzipSync(Buffer.alloc(megabytes * 2 ** 20, " "), { level: 1 });
  blanks.set(megabytes, zipped);
  return zipped;
};
