import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { ApiRequest } from "./request.ts";
import { type ApiStatus, internalError, statusDocument } from "./status.ts";

/** What is answered, before it is known in which form. */
export type Answer =
  | { readonly code: number; readonly document: object; readonly type?: string }
  | { readonly code: number; readonly text: string; readonly type?: string };

export const found = (document: object): Answer => ({ code: 200, document });

export const failed = (status: ApiStatus): Answer => ({
  code: status.code,
  document: statusDocument(status),
});

/** What an Application Load Balancer takes from a function. */
export interface BalancerAnswer {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** `most`: bytes that whoever hands the answer on takes; a load balancer refuses more than 1 MB of a function with an error of its own. */
export const present = (
  request: ApiRequest,
  answer: Answer,
  most = Number.POSITIVE_INFINITY,
): BalancerAnswer => {
  const presented = packed(request, answer);
  const size = Buffer.byteLength(JSON.stringify(presented));
  if (size <= most) return presented;
  const message = `the answer has ${size} bytes, and behind a load balancer ${most} is the most: ask for less, by namespace or labelSelector`;
  return packed(request, failed(internalError(message)));
};

const packed = (request: ApiRequest, answer: Answer): BalancerAnswer => {
  const { text, type } = writtenAs(request, answer);
  const takesGzip = /\bgzip\b/.test(request.headers.get("accept-encoding")?.join() ?? "");
  const isPacked = takesGzip && text.length > smallest;
  return {
    statusCode: answer.code,
    statusDescription: String(answer.code),
    multiValueHeaders: {
      "Content-Type": [type],
      "Cache-Control": ["no-cache, private"],
      "X-Content-Type-Options": ["nosniff"],
      ...(text.length > smallest && { Vary: ["Accept-Encoding"] }),
      ...(isPacked && { "Content-Encoding": ["gzip"] }),
      ...((answer.code === 503 || answer.code === 429) && { "Retry-After": ["1"] }),
    },
    body: isPacked ? gzipSync(text, { level: 1 }).toString("base64") : text,
    isBase64Encoded: isPacked,
  };
};

/** Below this a packed answer saves nothing that anybody would notice. */
const smallest = 16 * 1024;

const writtenAs = ({ headers, query }: ApiRequest, answer: Answer): { text: string; type: string } => {
  if ("text" in answer) return { text: answer.text, type: answer.type ?? "text/plain; charset=utf-8" };
  const { document, type } = answer;
  if (type === undefined && formIn(headers.get("accept")) === "yaml")
    return { text: stringify(document), type: "application/yaml" };
  const isPretty = ["", "1", "t", "true"].includes(query.get("pretty")?.toLowerCase() ?? "no");
  const text = isPretty ? `${JSON.stringify(document, null, 2)}\n` : `${JSON.stringify(document)}\n`;
  return { text, type: type ?? "application/json" };
};

/** The first form that the client takes and we have; Kubernetes's own also writes protobuf, for which clients have JSON as a second choice. */
export const formIn = (accept: readonly string[] | undefined): "json" | "yaml" | undefined => {
  const clauses = (accept ?? []).flatMap((header) => header.split(",")).map((clause) => clause.trim());
  if (clauses.every((clause) => clause === "")) return "json";
  for (const clause of clauses) {
    const type = (clause.split(";", 1)[0] ?? "").trim().toLowerCase();
    if (["*/*", "application/*", "application/json"].includes(type)) return "json";
    if (type === "application/yaml") return "yaml";
  }
  return undefined;
};
