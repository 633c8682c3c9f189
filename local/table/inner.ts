import { EventEmitter } from "node:events";
import dynalite from "dynalite";
import { writeAtOnce } from "./atomic.ts";
import { closeIterators } from "./iterators.ts";
import { spareThreads } from "./level.ts";

/** dynalite without a socket of its own: a request goes in as headers and bytes, and the answer comes back the same way. */
export type Inner = (request: InnerRequest) => Promise<InnerAnswer>;

export interface OpenInner {
  readonly inner: Inner;
  /** Once nothing is asked any more. */
  close(): Promise<void>;
}

export interface InnerRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

/** Opens the LevelDB in `path`. Errors inside dynalite are thrown past us: they end the worker, which tells the program. */
export const openInner = (path: string): OpenInner => {
  writeAtOnce();
  closeIterators();
  const close = spareThreads();
  const server = dynalite({ path, createTableMs: 0 });
  const inner: Inner = ({ headers, body }) =>
    new Promise((resolve) => {
      const request = Object.assign(new EventEmitter(), { method: "POST", url: "/", headers });
      const answered: Record<string, string | number> = {};
      const answer = {
        statusCode: 200,
        setHeader: (name: string, value: string | number) => {
          answered[name] = value;
        },
        end: (text = "") => resolve({ status: answer.statusCode, headers: answered, body: text }),
      };
      server.emit("request", request, answer);
      if (body.length > 0) request.emit("data", body);
      request.emit("end");
    });
  return { inner, close };
};

/** One call of our own, such as the sweep's. dynalite looks at the shape of a signature only. */
export const callInner = async (inner: Inner, action: string, input: object): Promise<InnerAnswer> =>
  inner({
    headers: { ...signed, "x-amz-target": `DynamoDB_20120810.${action}` },
    body: Buffer.from(JSON.stringify(input)),
  });

const signed = {
  "content-type": "application/x-amz-json-1.0",
  authorization: "AWS4-HMAC-SHA256 Credential=rollcall, SignedHeaders=host, Signature=rollcall",
  "x-amz-date": "rollcall",
};
