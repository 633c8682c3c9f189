import * as z from "zod/mini";

/** What the server said: data, that nothing has changed, or why not. */
export type Answered<Data> =
  | { readonly kind: "data"; readonly data: Data; readonly tag: string }
  | { readonly kind: "same" }
  /** It answered, and will answer the same again: a bad matcher, an unknown job. */
  | { readonly kind: "refused"; readonly error: string; readonly status: number }
  /** It did not answer, or cannot now; asking again may help. */
  | { readonly kind: "away"; readonly error: string };

export interface Asking {
  /** From the last answer; empty the first time. */
  readonly tag: string;
  readonly signal: AbortSignal;
}

/** Asks one address of the API, relative to the page. Never rejects, but for what `signal` aborts. */
export const ask = async <Data>(
  path: string,
  shape: z.ZodMiniType<Data>,
  { tag, signal }: Asking,
): Promise<Answered<Data>> => {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (tag !== "") headers["If-None-Match"] = tag;
  const late = AbortSignal.timeout(longestAnswer);
  try {
    const response = await fetch(path, {
      headers,
      cache: "no-store",
      signal: AbortSignal.any([signal, late]),
    });
    if (response.status === 304) return { kind: "same" };
    return await understood(response, shape);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "away", error: late.aborted ? "no answer within 30 seconds" : reasonOf(error) };
  }
};

const longestAnswer = 30_000;

const understood = async <Data>(response: Response, shape: z.ZodMiniType<Data>): Promise<Answered<Data>> => {
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const body: unknown = isJson ? await response.json() : undefined;
  if (!response.ok) {
    const error = refusal.safeParse(body).data?.error ?? `${response.status} ${response.statusText}`.trim();
    const isAway = response.status >= 500;
    return isAway ? { kind: "away", error } : { kind: "refused", error, status: response.status };
  }
  const read = z.object({ data: shape }).safeParse(body);
  if (read.success) return { kind: "data", data: read.data.data, tag: response.headers.get("ETag") ?? "" };
  const { path, message } = read.error.issues[0] ?? { path: [], message: "" };
  const where = path.map(String).join(".");
  return { kind: "refused", error: `an answer that this page cannot read: ${where} ${message}`, status: 200 };
};

const refusal = z.object({ error: z.string() });

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
