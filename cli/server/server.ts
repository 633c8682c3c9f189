import { readFile } from "node:fs/promises";
import * as z from "zod";
import { rememberSecret } from "../../lib/config/secret.ts";
import { type Given, type Io, UsageError } from "../command.ts";
import { defaultServer } from "../common.ts";
import { read } from "./read.ts";

/** A server that speaks Prometheus's API: Rollcall, or Prometheus itself. */
export interface Server {
  /** Without a slash at the end. */
  readonly url: string;
  /** The `data` of a good answer, checked; throws one line that names the place and what was expected. */
  get<Shape>(path: string, query: Query, shape: z.ZodType<Shape>): Promise<Shape>;
  /** The same of a request that changes something; 202 is a good answer, too. */
  post<Shape>(path: string, query: Query, shape: z.ZodType<Shape>): Promise<Shape>;
  /** An answer that is no envelope. Any status is returned; the body only for 200. */
  fetch(path: string, headers?: Readonly<Record<string, string>>): Promise<Fetched>;
  /** What to say of an answer with another status than 200. */
  refusal(path: string, answer: Fetched): string;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Fetched {
  readonly status: number;
  readonly etag: string | undefined;
  readonly text: string;
}

/** The Rollcall that the options, or else the environment, name. */
export const serverOf = (given: Given, io: Io, url = given.text("server")): Promise<Server> => {
  const named = url ?? (io.environment.ROLLCALL_SERVER || defaultServer);
  const what = url === undefined ? "ROLLCALL_SERVER" : "--server";
  return connect({ url: serverUrl(what, named), tokenFile: given.text("token-file"), stopped: io.stopped });
};

/** A URL as base of a server; throws UsageError. A login in it would be seen by everybody on the machine. */
export const serverUrl = (what: string, text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${what} ${text}: expected a URL that begins with http:// or https://`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(`${what}: no login in a URL; put the token into a file and give --token-file FILE`);
  }
  if (url.search !== "" || url.hash !== "") throw new UsageError(`${what} ${text}: expected no ? and no #`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
};

export interface Connecting {
  readonly url: string;
  readonly tokenFile: string | undefined;
  readonly stopped: AbortSignal;
  /** Milliseconds that an answer may take, half a minute unless told. */
  readonly patience?: number;
}

export const connect = async ({
  url,
  tokenFile,
  stopped,
  patience = 30_000,
}: Connecting): Promise<Server> => {
  const authorization =
    tokenFile === undefined ? {} : { authorization: `Bearer ${await tokenIn(tokenFile)}` };
  const ask = async (
    path: string,
    headers: Readonly<Record<string, string>>,
    method = "GET",
  ): Promise<Fetched> => {
    const place = `${url}/${path}`;
    const late = AbortSignal.timeout(patience);
    try {
      const response = await fetch(place, {
        method,
        headers: { ...authorization, ...headers },
        // A token must not follow a redirect to somewhere else.
        redirect: "manual",
        signal: AbortSignal.any([stopped, late]),
      });
      const text = await read(response);
      return { status: response.status, etag: response.headers.get("etag") ?? undefined, text };
    } catch (cause) {
      if (late.aborted) throw new Error(`${place}: no whole answer within ${patience / 1000} seconds`);
      throw new Error(`${place}: ${wordsOf(cause)}`);
    }
  };
  const hasToken = tokenFile !== undefined;
  return {
    url,
    fetch: (path, headers = {}) => ask(path, headers),
    refusal: (path, answer) => refusalIn({ ...answer, place: `${url}/${path}`, hasToken }),
    get: async (path, query, shape) => {
      const full = `${path}${queryText(query)}`;
      const { status, text } = await ask(full, {});
      return dataIn({ place: `${url}/${full}`, status, text, hasToken }, shape);
    },
    post: async (path, query, shape) => {
      const full = `${path}${queryText(query)}`;
      const { status, text } = await ask(full, { "X-Rollcall-Operate": "1" }, "POST");
      return dataIn({ place: `${url}/${full}`, status, text, hasToken }, shape);
    },
  };
};

/** Node hides why behind "fetch failed". */
const wordsOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (!(cause instanceof Error)) return thrown.message;
  return cause.message || ("code" in cause ? String(cause.code) : thrown.message);
};

const tokenIn = async (file: string): Promise<string> => {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new UsageError(`--token-file ${file}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  });
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(`--token-file ${file}: expected one token and nothing else`);
  rememberSecret(token);
  return token;
};

const queryText = (query: Query): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
};

interface Answered {
  readonly place: string;
  readonly status: number;
  readonly text: string;
  readonly hasToken: boolean;
}

const dataIn = <Shape>({ place, status, text, hasToken }: Answered, shape: z.ZodType<Shape>): Shape => {
  if (status !== 200 && status !== 202) throw new Error(refusalIn({ place, status, text, hasToken }));
  const parsed = z.object({ data: shape }).safeParse(jsonIn(text));
  if (parsed.success) return parsed.data.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${place}: an answer of another shape: ${issue?.path.join(".")}: ${issue?.message}`);
};

const refusalIn = ({ place, status, text, hasToken }: Answered): string => {
  const told = z.object({ error: z.string() }).safeParse(jsonIn(text));
  const reason = told.success ? `: ${told.data.error.slice(0, 2000)}` : "";
  const hint = status === 401 && !hasToken ? "; give --token-file FILE" : "";
  const redirect = status >= 300 && status < 400 ? ", a redirect, which is not followed" : "";
  return `${place}: status ${status}${redirect}${reason}${hint}`;
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
