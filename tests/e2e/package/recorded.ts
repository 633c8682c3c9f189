import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync, writeFileSync } from "node:fs";
import { ClientRequest } from "node:http";
import { join } from "node:path";
import type { Call } from "../../policy/request.ts";
import { functionNames } from "./bundles.ts";

/** Every AWS call that the functions make while it records. */
export interface Recorder {
  readonly calls: readonly Call[];
  stop(): void;
}

const acting = new AsyncLocalStorage<string>();

/**
 * Puts handlers before the bundled ones in `root` that say who acts, so that one process can tell the functions' calls apart; returns
 * the folder that the local run takes its handlers from.
 */
export const named = (root: string): string => {
  Object.assign(globalThis, { actingAs });
  const folder = join(root, "named");
  mkdirSync(join(folder, "functions"), { recursive: true });
  for (const name of functionNames) {
    const bundled = JSON.stringify(join(root, "functions", `${name}.mjs`));
    const text = `import { handler as bundled } from ${bundled};\nexport const handler = globalThis.actingAs("${name}", bundled);\n`;
    writeFileSync(join(folder, "functions", `${name}.mjs`), text);
  }
  return folder;
};

type Handler = (...words: unknown[]) => unknown;

/** The mark of a streaming handler is a property of its own. */
const actingAs = (name: string, bundled: Handler): Handler => {
  const marks = Object.getOwnPropertySymbols(bundled).map((mark) => [mark, Reflect.get(bundled, mark)]);
  return Object.assign(
    (...words: unknown[]) => acting.run(name, () => bundled(...words)),
    Object.fromEntries(marks),
  );
};

/** Listens to Node's own HTTP client: what the SDK sends is read where it leaves the process. */
export const record = (): Recorder => {
  const calls: Call[] = [];
  const heard = (message: unknown) => {
    const { request } = Object(message);
    const name = acting.getStore();
    if (!(request instanceof ClientRequest) || name === undefined) return;
    const signed = signature.exec(String(request.getHeader("authorization")));
    // What a function asks by a cluster's role that role must allow, which is another account's.
    if (signed?.groups?.key !== process.env.AWS_ACCESS_KEY_ID) return;
    bodyOf(request, (body) =>
      calls.push({ function: name, ...asked(request, signed?.groups?.service, body) }),
    );
  };
  subscribe(channel, heard);
  return { calls, stop: () => void unsubscribe(channel, heard) };
};

/** What a request is signed for ("Signature Version 4" in AWS's general reference). */
const signature = /Credential=(?<key>[^/]+)\/\d+\/[^/]*\/(?<service>[^/]+)\//;

/** The call behind a request: what the SDK says, and of services with a protocol of resources what their path does. */
const asked = (request: ClientRequest, service = "", body: string): Pick<Call, "target" | "input"> => {
  const target = request.getHeader("x-amz-target");
  if (target !== undefined) return { target: String(target), input: JSON.parse(body) };
  const { pathname, searchParams } = new URL(request.path, "http://aws");
  const [, first = "", ...rest] = pathname.split("/").map(decodeURIComponent);
  if (service === "s3") {
    const verb = searchParams.has("list-type") ? "ListBucket" : "GetObject";
    const input = { bucket: first, key: rest.join("/"), prefix: searchParams.get("prefix") ?? undefined };
    return { target: `s3.${verb}`, input };
  }
  const form = new URLSearchParams(body);
  if (service === "sts") return { target: `sts.${form.get("Action")}`, input: Object.fromEntries(form) };
  if (service === "eks") return { target: "eks.DescribeCluster", input: { name: rest[0] } };
  throw new Error(`${request.method} ${request.path} is of a service that is not known here: ${service}`);
};

const channel = "http.client.request.created";

const bodyOf = (request: ClientRequest, done: (body: string) => void) => {
  const parts: Buffer[] = [];
  const [write, end] = [request.write.bind(request), request.end.bind(request)];
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
  };
  request.write = (chunk: unknown, ...more: never[]) => {
    keep(chunk);
    return write(chunk, ...more);
  };
  request.end = (chunk?: unknown, ...more: never[]) => {
    keep(chunk);
    done(Buffer.concat(parts).toString());
    return Reflect.apply(end, request, [chunk, ...more]);
  };
};
