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
    const target = request.getHeader("x-amz-target");
    if (target === undefined) return;
    bodyOf(request, (body) =>
      calls.push({ function: name, target: String(target), input: JSON.parse(body) }),
    );
  };
  subscribe(channel, heard);
  return { calls, stop: () => void unsubscribe(channel, heard) };
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
