import type { Readable } from "node:stream";
import { reasonOf } from "../../../errors.ts";
import { placeOf } from "../../../http/place.ts";
import type { Answer } from "../../../http/transport.ts";
import { notJson, refusalOf } from "../answer.ts";
import type { Client } from "../client.ts";
import type { ListRequest } from "../list.ts";
import { type KubernetesObject, keyOf } from "../objects/meta.ts";
import { acceptOf, resourceUrl } from "../request.ts";
import { readEvent, type WatchEvent } from "./event.ts";
import { Interruption } from "./interruption.ts";
import { createLineSplitter } from "./lines.ts";

export interface WatchRequest<T extends KubernetesObject> extends ListRequest<T> {
  /** Where to begin; undefined for everything there is first, up to a bookmark that says so (WatchList, KEP-3157). */
  readonly version: string | undefined;
  /** After how long the server shall end the watch. */
  readonly timeoutSeconds: number;
}

export interface WatchOptions extends Client {
  readonly signal: AbortSignal;
  readonly limits: WatchLimits;
}

export interface WatchLimits {
  /** For status and headers, a login included. */
  readonly openMilliseconds: number;
  /** For each silence of an open watch. */
  readonly silenceMilliseconds: number;
  /** While everything there is comes, for each time in which nothing new does: a server that does not know the wish then never says that this was all. */
  readonly initialMilliseconds: number;
  readonly lineBytes: number;
}

/**
 * Servers since 1.15 send a bookmark about once a minute, so two that are missing are the sign of a connection that is dead.
 * Where a resource never changes older servers send none: then a good watch is opened anew every two minutes, which costs
 * one request and shows nowhere. (TCP's own keepalive, on by Node's agents, notices most dead peers within seconds; this
 * is for those that a proxy hides.)
 */
export const watchLimits: WatchLimits = {
  openMilliseconds: 30_000,
  silenceMilliseconds: 130_000,
  initialMilliseconds: 10_000,
  lineBytes: 8 * 1024 * 1024,
};

/** The events of one watch in their order; runs to its end by throwing, most often an Interruption. */
export type Watch<T extends KubernetesObject> = AsyncGenerator<WatchEvent<T>, never>;

/**
 * Opens one watch, and resolves once the server has agreed to it. Rejects as a list does: in one line that names the URL,
 * with the status as cause when there is one.
 */
export const openWatch = async <T extends KubernetesObject>(
  request: WatchRequest<T>,
  options: WatchOptions,
): Promise<Watch<T>> => {
  const url = watchUrl(request, options.server);
  const place = placeOf(url);
  const answer = await open(url, request, options);
  if (answer.status !== 200) throw await refusalOf(answer, place);
  const other = notJson(answer, place, "watch");
  if (other !== undefined) throw new Interruption("unreliable", other.message);
  return eventsOf(answer.body, { ...request, place: `GET ${place}`, limits: options.limits });
};

const watchUrl = <T extends KubernetesObject>(request: WatchRequest<T>, server: URL): URL => {
  const url = resourceUrl(request, server);
  url.searchParams.set("watch", "true");
  url.searchParams.set("allowWatchBookmarks", "true");
  url.searchParams.set("timeoutSeconds", String(request.timeoutSeconds));
  if (request.version !== undefined) url.searchParams.set("resourceVersion", request.version);
  else {
    url.searchParams.set("sendInitialEvents", "true");
    url.searchParams.set("resourceVersionMatch", "NotOlderThan");
  }
  return url;
};

/** Not compressed: a server would hold events back to compress them better. */
const open = async <T extends KubernetesObject>(
  url: URL,
  { resource }: WatchRequest<T>,
  { transport, signal, limits }: WatchOptions,
): Promise<Answer> => {
  const opening = new AbortController();
  const late = new Error(`no answer within ${limits.openMilliseconds} ms`);
  const timer = setTimeout(() => opening.abort(late), limits.openMilliseconds);
  try {
    return await transport.open(url, {
      headers: { accept: acceptOf(resource, "PartialObjectMetadata"), "accept-encoding": "identity" },
      signal: AbortSignal.any([signal, opening.signal]),
      timeoutMilliseconds: limits.silenceMilliseconds,
    });
  } finally {
    clearTimeout(timer);
  }
};

interface Stream<T extends KubernetesObject> extends WatchRequest<T> {
  readonly place: string;
  readonly limits: WatchLimits;
}

async function* eventsOf<T extends KubernetesObject>(body: Readable, stream: Stream<T>): Watch<T> {
  const { place, limits, resource } = stream;
  const splitter = createLineSplitter(limits.lineBytes);
  const patience = stream.version === undefined ? patienceWith(body, stream) : undefined;
  try {
    for await (const chunk of chunksOf(body, place)) {
      for (const line of linesOf(splitter, chunk, place)) {
        const event = readEvent(line, resource, place);
        patience?.hear(event);
        yield event;
      }
    }
    const where = splitter.pending() === 0 ? "" : " in mid-line";
    throw new Interruption("ended", `${place}: the server ended the watch${where}`);
  } finally {
    patience?.end();
    body.destroy();
  }
}

/**
 * Waits for the end of the initial events as long as objects come that were not there before. Changes say nothing: on a
 * busy resource a server that does not know the wish would send them for ever.
 */
const patienceWith = <T extends KubernetesObject>(body: Readable, { limits, place }: Stream<T>) => {
  const limit = limits.initialMilliseconds;
  const late = () => body.destroy(new Error(`the initial events did not end within ${limit} ms`));
  const timer = setTimeout(late, limit);
  let seen: Set<string> | undefined = new Set();
  const end = () => {
    clearTimeout(timer);
    seen = undefined;
  };
  const hear = (event: WatchEvent<T>) => {
    if (seen === undefined) return;
    if (event.type === "bookmark") {
      if (!event.endsInitial)
        throw new Interruption("ended", `${place}: a bookmark before the initial events ended`);
      end();
    } else if (event.type === "put" && !seen.has(keyOf(event.object.meta))) {
      seen.add(keyOf(event.object.meta));
      timer.refresh();
    }
  };
  return { hear, end };
};

async function* chunksOf(body: Readable, place: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
  } catch (cause) {
    const reason = reasonOf(cause).replace(`${place.replace("GET ", "")}: `, "");
    throw new Interruption("ended", `${place}: the watch broke off: ${reason}`, { cause });
  }
}

const linesOf = (
  splitter: ReturnType<typeof createLineSplitter>,
  chunk: Uint8Array,
  place: string,
): readonly string[] => {
  try {
    return splitter.take(chunk).filter((line) => line.trim() !== "");
  } catch (cause) {
    throw new Interruption("unreliable", `${place}: ${reasonOf(cause)}`, { cause });
  }
};
