import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { main } from "../../../cli/main.ts";
import { systemClock } from "../../../lib/clock.ts";
import { listening } from "../../fakes/listening.ts";

/** What a fake server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text as it is; anything else as JSON. */
  readonly body: unknown;
}

export type Answering = (asked: Asked) => Told | undefined;

/** A server on loopback that answers as told, 404 for the rest; it ends with the test. */
export const fakeServer = async (context: TestContext, answer: Answering) => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const { method = "", headers: given } = request;
    const question = { method, path: url.pathname.slice(1), query: url.searchParams, headers: given };
    asked.push(question);
    const { status = 200, headers = {}, body } = answer(question) ?? notFound;
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const port = await listening(server);
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, asked };
};

const notFound: Told = {
  status: 404,
  body: { status: "error", errorType: "not_found", error: "no such path" },
};

/** Prometheus's envelope. */
export const good = (data: unknown): Told => ({ body: { status: "success", data } });

export interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  /** Absent: no terminal. */
  readonly columns?: number;
  readonly stopped?: AbortSignal;
}

/** Runs the tool in this process. */
export const rollcall = async (words: readonly string[], surroundings: Surroundings = {}) => {
  const { environment = {}, columns, stopped = new AbortController().signal } = surroundings;
  const written = { out: "", err: "" };
  const screen = (name: "out" | "err") => ({
    write: (text: string) => {
      written[name] += text;
    },
    columns,
  });
  const code = await main(words, {
    out: screen("out"),
    err: screen("err"),
    environment,
    clock: systemClock,
    stopped,
  });
  return { code, ...written };
};

/** A folder that goes with the test. */
export const folderFor = (context: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-cli-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
