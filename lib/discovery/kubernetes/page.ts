import { reasonOf, TransientError } from "../../errors.ts";
import { placeOf } from "../../http/place.ts";
import { type Answer, readAll, type Transport } from "../../http/transport.ts";
import { notJson, refusalOf, retryAfterOf } from "./answer.ts";
import { type Json, list, record, text } from "./objects/decode.ts";

export interface PageRequest {
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly accept: string;
}

/** A page that arrived whole. Its continuation is known before the page is parsed, so that the next can be asked for. */
export interface ArrivedPage {
  /** The URL without its query, for errors. */
  readonly place: string;
  readonly continue: string;
  /** Parses; throws one line that names the place. */
  read(): Page;
}

export interface Page {
  readonly resourceVersion: string;
  readonly items: readonly Json[];
}

/**
 * Asks for one page of a list. `"expired"` is the server's 410: begin anew. Rejects in one line for anything but a
 * JSON list; a server that is busy and says for how long is asked again a few times.
 */
export const ask = async (url: URL, request: PageRequest): Promise<ArrivedPage | "expired"> => {
  const place = placeOf(url);
  for (let attempt = 1; ; attempt++) {
    const answer = await request.transport.open(url, {
      headers: { accept: request.accept, "accept-encoding": "gzip" },
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(pageMilliseconds)]),
      timeoutMilliseconds: silenceMilliseconds,
    });
    const pause = attempt < mostAttempts ? pauseOf(answer) : undefined;
    if (pause === undefined) return await take(answer, place);
    answer.body.destroy();
    await request.wait(pause, request.signal);
  }
};

/** A page of 500 large pods is 10 MB; the limit only stops what no API server sends. */
const mostBytes = 128 * 1024 * 1024;
const pageMilliseconds = 60_000;
const silenceMilliseconds = 20_000;
const mostAttempts = 3;
const mostPauseMilliseconds = 5_000;

const take = async (answer: Answer, place: string): Promise<ArrivedPage | "expired"> => {
  if (answer.status === 410) {
    answer.body.destroy();
    return "expired";
  }
  if (answer.status !== 200) throw await refusalOf(answer, place);
  const other = notJson(answer, place, "list");
  if (other !== undefined) throw other;
  const body = await bodyOf(answer, place);
  return pageOf(body, place);
};

const pageOf = (body: Buffer, place: string): ArrivedPage => {
  const peeked = peek(body);
  if (peeked !== undefined) return { place, continue: peeked, read: () => parse(body, place).page };
  const parsed = parse(body, place);
  return { place, continue: parsed.continue, read: () => parsed.page };
};

/** API servers write a list's metadata before its items, so the continuation can be had without parsing megabytes. */
const peek = (body: Buffer): string | undefined => {
  const head = body.toString("latin1", 0, 16_384);
  const metadata = /^\{"kind":"\w+","apiVersion":"[\w./]+","metadata":(\{[^{}]*\}),"items":/.exec(head)?.[1];
  if (metadata === undefined) return undefined;
  try {
    return text(record(JSON.parse(metadata), "metadata").continue, "metadata.continue");
  } catch {
    // Whatever is wrong with it, parsing the whole page will say so properly.
    return undefined;
  }
};

const parse = (body: Buffer, place: string) => {
  try {
    const answer = record(JSON.parse(body.toString("utf8")), "answer");
    const kind = text(answer.kind, "kind");
    if (!kind.endsWith("List")) throw new Error(`kind: expected a list, got ${kind || "none"}`);
    const metadata = record(answer.metadata, "metadata");
    const page: Page = {
      resourceVersion: text(metadata.resourceVersion, "metadata.resourceVersion"),
      items: list(answer.items, "items", (item) => record(item, "items[]")),
    };
    return { page, continue: text(metadata.continue, "metadata.continue") };
  } catch (cause) {
    // A parser quotes the document, so only that it failed is told.
    const reason = cause instanceof SyntaxError ? "the answer is not valid JSON" : reasonOf(cause);
    throw new Error(`GET ${place}: ${reason}`);
  }
};

const bodyOf = async (answer: Answer, place: string): Promise<Buffer> => {
  try {
    return await readAll(answer, mostBytes);
  } catch (cause) {
    if (!(cause instanceof TransientError)) throw new Error(`GET ${place}: ${reasonOf(cause)}`, { cause });
    const reason = cause.message.replace(`${place}: `, "");
    throw new TransientError(`GET ${place}: the answer broke off: ${reason}`, { cause });
  }
};

/** Milliseconds to wait before the next try, when the server names a short time. */
const pauseOf = (answer: Answer): number | undefined => {
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  const pause = retryAfterOf(answer);
  return pause !== undefined && pause <= mostPauseMilliseconds ? pause : undefined;
};
