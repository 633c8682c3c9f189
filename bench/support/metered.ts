import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import * as z from "zod";
import { listening } from "../../tests/fakes/listening.ts";

/** What went through to an AWS service since it was last emptied, by kind. */
export interface Metered {
  readonly url: string;
  /** Capacity units as the table itself counts them, by what the first key begins with: `group`, `history`, `provider` for the records… */
  readonly writes: Map<string, number>;
  readonly reads: Map<string, number>;
  /** Entries put on the bus, and their bytes, by detail type. */
  readonly entries: Map<string, { count: number; bytes: number }>;
  /** By operation and the same: `PutItem group`. */
  readonly requests: Map<string, number>;
  close(): void;
}

/** Stands before a local AWS service and asks it, with each request, how much capacity that consumed. */
export const meter = async (upstream: string): Promise<Metered> => {
  const counts = {
    writes: new Map<string, number>(),
    reads: new Map<string, number>(),
    entries: new Map<string, { count: number; bytes: number }>(),
    requests: new Map<string, number>(),
  };
  const server = createServer(async (request, response) => {
    try {
      const { status, text } = await forward(request, upstream, counts);
      response.writeHead(status, { "Content-Type": request.headers["content-type"] ?? "" }).end(text);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  const port = await listening(server);
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { ...counts, url: `http://127.0.0.1:${port}`, close };
};

type Counts = Pick<Metered, "writes" | "reads" | "entries" | "requests">;

const forward = async (request: IncomingMessage, upstream: string, counts: Counts) => {
  const [service = "", operation = ""] = String(request.headers["x-amz-target"]).split(".");
  const input: object = JSON.parse((await buffer(request)).toString());
  const isTable = service.startsWith("DynamoDB");
  const body = JSON.stringify(isTable ? { ...input, ReturnConsumedCapacity: "TOTAL" } : input);
  const headers = {
    "Content-Type": request.headers["content-type"] ?? "",
    "X-Amz-Target": `${service}.${operation}`,
    "X-Amz-Date": String(request.headers["x-amz-date"]),
    Authorization: request.headers.authorization ?? "",
  };
  const answer = await fetch(upstream, { method: "POST", headers, body });
  const text = await answer.text();
  if (answer.ok) count({ operation, body, text }, counts);
  return { status: answer.status, text };
};

/** Of one table, or of several in a batch. A whole page of items would take longer to read than to answer. */
const consumed = /"ConsumedCapacity":(\{[^{}]*\}|\[[^\]]*\])/;
const capacity = /"CapacityUnits":([\d.]+)/g;
const put = z.object({
  Entries: z.array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() })),
});

const count = (call: { operation: string; body: string; text: string }, counts: Counts) => {
  const { operation, body, text } = call;
  if (operation === "PutEvents") {
    for (const { Source, DetailType, Detail } of put.parse(JSON.parse(body)).Entries) {
      const known = counts.entries.get(DetailType) ?? { count: 0, bytes: 0 };
      const bytes = Buffer.byteLength(Source + DetailType + Detail);
      counts.entries.set(DetailType, { count: known.count + 1, bytes: known.bytes + bytes });
    }
    return;
  }
  const told = consumed.exec(text)?.[1] ?? "";
  const units = [...told.matchAll(capacity)].reduce((sum, [, one]) => sum + Number(one), 0);
  const kind =
    /"S":"(group|generation|reducer|provider|lease|reader|configuration|rebuild|release|history|blob)/.exec(
      body,
    );
  add(counts.requests, `${operation} ${kind?.[1] ?? "other"}`, 1);
  const isWrite = /^(Put|Update|Delete|BatchWrite)/.test(operation);
  add(isWrite ? counts.writes : counts.reads, kind?.[1] ?? "other", units);
};

const add = (counts: Map<string, number>, name: string, by: number) =>
  counts.set(name, (counts.get(name) ?? 0) + by);
