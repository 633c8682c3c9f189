import * as z from "zod";
import { defaultHttpClient } from "../../../config/http-client.ts";
import type { InfluxSettings } from "../../../config/metrics/settings.ts";
import { createTransport, type TransportOptions } from "../../../http/client.ts";
import { placeOf } from "../../../http/place.ts";
import { type Answer, readAll } from "../../../http/transport.ts";
import { parseLossless } from "../../kubelet/json.ts";

/** An InfluxDB 1.x, asked over HTTP. Every failure is one line that names the place and what the server said. */
export interface InfluxClient {
  /** Lines of the line protocol into the policy `default`. */
  write(lines: string, signal: AbortSignal): Promise<void>;
  /** Runs one statement that changes something. */
  run(statement: string, signal: AbortSignal): Promise<void>;
  /** Asks several statements of the database at once; the series that each has found, none for nothing. */
  ask(statements: readonly string[], signal: AbortSignal): Promise<(readonly Series[])[]>;
}

/** A table that a statement has found. Values are read with `kubelet/json.ts`: no whole number has lost digits. */
export interface Series {
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

export const createInfluxClient = (settings: InfluxSettings, options: TransportOptions): InfluxClient => {
  const { server, user: username, password, database, insecureTls } = settings;
  const transport = createTransport(
    {
      ...defaultHttpClient,
      basicAuth: { username, password },
      followRedirects: false,
      tls: { ...defaultHttpClient.tls, insecureSkipVerify: insecureTls },
    },
    options,
  );
  const post = async (
    url: URL,
    { body, type, most = mostBytes }: { body: string; type: string; most?: number },
    signal: AbortSignal,
  ): Promise<string> => {
    const answer = await transport.open(url, {
      method: "POST",
      body,
      headers: { "content-type": type },
      signal,
      timeoutMilliseconds: silence,
    });
    const text = (await readAll(answer, most)).toString("utf8");
    const error = errorIn(answer, text);
    if (error !== undefined) throw new Error(`POST ${placeOf(url)}: ${error}`);
    return text;
  };
  const form = "application/x-www-form-urlencoded";
  return {
    write: async (body, signal) => {
      const url = new URL("/write", server);
      url.search = String(
        new URLSearchParams({ consistency: "", db: database, precision: "ns", rp: "default" }),
      );
      await post(url, { body, type: "text/plain; charset=utf-8" }, signal);
    },
    run: async (statement, signal) => {
      const body = String(new URLSearchParams({ q: statement }));
      await post(new URL("/query", server), { body, type: form }, signal);
    },
    ask: async (statements, signal) => {
      const url = new URL("/query", server);
      const body = String(new URLSearchParams({ db: database, q: statements.join("; ") }));
      const text = await post(url, { body, type: form, most: mostFound }, signal);
      const { results = [] } = foundIn(text, placeOf(url));
      return statements.map((_, at) => results[at]?.series ?? []);
    },
  };
};

const silence = 15_000;
const mostBytes = 1024 * 1024;
/** What a question may find: some 300,000 points. */
const mostFound = 16 * 1024 * 1024;

/** A statement that fails is told in an answer of status 200. */
const errorIn = ({ status, statusText }: Answer, text: string): string | undefined => {
  const told = errorTold(text);
  if (status === 200 || status === 204) return told;
  return `${status} ${statusText}`.trim() + (told === undefined ? "" : `: ${told}`);
};

const errorTold = (text: string): string | undefined => {
  try {
    const { error, results = [] } = schema.parse(JSON.parse(text));
    const first = error ?? results.find((result) => result.error !== undefined)?.error;
    return first?.replace(/\s+/g, " ").slice(0, 300);
  } catch {
    // A page for people, or nothing: the status says it all.
    return undefined;
  }
};

const schema = z.object({
  error: z.string().optional(),
  results: z.array(z.object({ error: z.string().optional() })).optional(),
});

const foundIn = (text: string, place: string): z.infer<typeof found> => {
  const { success, data, error } = found.safeParse(jsonIn(text));
  if (success) return data;
  const [issue] = error.issues;
  const reason = `${issue?.path.join(".") || "the answer"}: ${issue?.message}`;
  throw new Error(`POST ${place}: the answer is not one of InfluxDB's: ${reason}`);
};

/** Undefined for what is no JSON: a parser's own words quote the text. */
const jsonIn = (text: string): unknown => {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
};

const found = z.object({
  results: z
    .array(
      z.object({
        series: z
          .array(
            z.object({
              columns: z.array(z.string()),
              values: z.array(z.array(z.unknown())).default([]),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});
