import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { byteFaults, spoiltText, type TextFault } from "./bytes.ts";
import type { Scope } from "./door.ts";
import { hostileText } from "./hostile.ts";
import { spoiltJson, spoiltLines, type TreeFault, treeFaults } from "./trees.ts";

/** What happens to an answer: to its document, to its bytes, and on its way. */
export interface AnswerFault {
  readonly tree: readonly TreeFault[];
  readonly bytes: readonly TextFault[];
  readonly way: Way;
}

type Way = { readonly kind: Kind; readonly at: number; readonly text: string };
type Kind = (typeof whole)[number] | (typeof broken)[number];

/** Ways on which an answer arrives as it was sent. */
const whole = ["plain", "gzip", "pieces", "closed", "interim"] as const;
/** Ways on which none arrives: who takes such an answer for one has been deceived. */
const broken = [
  ...["status", "reason", "echo", "short", "long", "badChunk", "cutChunk", "reset", "stall", "drip"],
  ...["badGzip", "cutGzip", "bomb", "noHttp", "manyHeaders", "encoding", "circle", "other"],
] as const;

const way = (kinds: readonly Kind[]): fc.Arbitrary<Way> =>
  fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat({ max: 10_000 }), text: hostileText });

/** One in four spoils the document, one in two the way. */
export const answerFault: fc.Arbitrary<AnswerFault> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ tree: fc.constant([]), bytes: fc.constant([]), way: way(whole) }),
  },
  { weight: 1, arbitrary: fc.record({ tree: treeFaults, bytes: byteFaults, way: way(whole) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      tree: fc.constant([]),
      bytes: fc.constant([]),
      way: way([...broken, "status", "status", "echo"]),
    }),
  },
);

/** The n-th request gets the n-th, and then from the beginning. */
export const answerFaults = fc.array(answerFault, { minLength: 1, maxLength: 4 });

export const isSlow = ({ way: { kind } }: AnswerFault): boolean => kind === "stall" || kind === "drip";

/** Without those that end by a deadline of our own code's that nobody waits for here. */
export const hastyFaults = answerFaults.map((faults) => faults.filter((fault) => !isSlow(fault)));

/** What a sound server would answer: a document, or a text as it stands; undefined for a 404. */
export interface Sound {
  readonly document?: unknown;
  /** One a line, as a watch sends them. */
  readonly documents?: readonly unknown[];
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on loopback whose answers go wrong as it is told. */
export const startHostile = async (
  scope: Scope,
  soundly: (request: IncomingMessage, url: URL) => Sound | undefined,
) => {
  let faults: readonly AnswerFault[] = [];
  let given: AnswerFault[] = [];
  let thenWell = false;
  let well = 0;
  const server = http.createServer(async (request, response) => {
    request.resume();
    const isOver = faults.length === 0 || (thenWell && given.length >= faults.length);
    const fault = isOver ? undefined : faults[given.length % faults.length];
    if (fault === undefined) well += 1;
    else given.push(fault);
    const sound = soundly(request, new URL(request.url ?? "/", "http://loopback"));
    await answer({ request, response, sound, fault: fault ?? nothingWrong });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return {
    url: new URL(`http://127.0.0.1:${address.port}/`),
    /** `thenWell`: each fault once, else from the beginning again. */
    play: (next: readonly AnswerFault[], options = { thenWell: false }) => {
      [faults, given, thenWell, well] = [next, [], options.thenWell, 0];
      server.closeAllConnections();
    },
    /** Resolves when nothing was done to so many answers. */
    wellFor: async (answers: number) => {
      while (well < answers) await pause(2);
    },
    /** What was done to the answers so far. */
    given: (): readonly AnswerFault[] => given,
  };
};

const nothingWrong: AnswerFault = { tree: [], bytes: [], way: { kind: "plain", at: 0, text: "" } };

interface Answering {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly sound: Sound | undefined;
  readonly fault: AnswerFault;
}

const answer = async ({ request, response, sound, fault }: Answering): Promise<void> => {
  response.on("error", () => undefined);
  if (sound === undefined) return void response.writeHead(404).end();
  const json = textOf(sound, fault.tree);
  const body = fault.bytes.length === 0 ? Buffer.from(json) : spoiltText(json, fault.bytes);
  const headers = { "content-type": "application/json", ...sound.headers };
  const sending: Sending = { response, body, headers, at: fault.way.at, text: fault.way.text };
  await ways[fault.way.kind](sending, request);
};

const textOf = ({ text, document, documents }: Sound, faults: readonly TreeFault[]): string => {
  if (documents !== undefined) return spoiltLines(documents, faults);
  return text ?? spoiltJson(document, faults);
};

interface Sending {
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
  readonly text: string;
}

const cutAt = ({ body, at }: Sending) => Math.floor((at / 10_001) * body.length);

/** The connection below the answer, for what no server's library would send. */
const raw = ({ response }: Sending, ...parts: (string | Buffer)[]): void => {
  for (const part of parts) response.socket?.write(part);
};

const head = ({ headers }: Sending, ...more: string[]) =>
  `${["HTTP/1.1 200 OK", ...Object.entries(headers).map((pair) => pair.join(": ")), ...more].join("\r\n")}\r\n\r\n`;

const end = ({ response }: Sending) => void response.socket?.end();

type Send = (sending: Sending, request: IncomingMessage) => void | Promise<void>;

const ways: Readonly<Record<Kind, Send>> = {
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
    raw(
      sending,
      head(sending, "transfer-encoding: chunked"),
      `${sending.body.length.toString(16)}\r\n`,
      sending.body,
    );
    raw(sending, "\r\nzz\r\n");
    end(sending);
  },
  cutChunk: (sending) => {
    raw(
      sending,
      head(sending, "transfer-encoding: chunked"),
      `${sending.body.length.toString(16)}\r\n`,
      sending.body,
    );
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

/** A sound answer, and blanks behind it, in more bytes than anybody may take. */
export const isOversized = ({ way: { kind, at } }: AnswerFault): boolean =>
  kind === "bomb" && bombMegabytes(at) === 256;

const blanks = new Map<number, Buffer>();
/** As many megabytes in as many kilobytes. */
const zippedBlanks = (megabytes: number): Buffer => {
  const zipped = blanks.get(megabytes) ?? gzipSync(Buffer.alloc(megabytes * 2 ** 20, " "), { level: 1 });
  blanks.set(megabytes, zipped);
  return zipped;
};
