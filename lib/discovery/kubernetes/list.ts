import { setTimeout as delay } from "node:timers/promises";
import { reasonOf, TransientError } from "../../errors.ts";
import { placeOf } from "../../http/place.ts";
import type { Transport } from "../../http/transport.ts";
import type { Json } from "./objects/decode.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import { type ArrivedPage, ask, type PageRequest } from "./page.ts";
import { acceptOf, nameOf, resourceUrl } from "./request.ts";
import type { Resource } from "./resources.ts";

/** What to list: one resource, in one namespace or (`""`) everywhere, narrowed on the server. */
export interface ListRequest<T extends KubernetesObject> {
  readonly resource: Resource<T>;
  readonly namespace: string;
  readonly selector: ListSelector;
}

export interface ListSelector {
  readonly label: string;
  readonly field: string;
}

export interface ListOptions {
  readonly server: URL;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  /** Waits before another try of a page that the server put off; a test answers at once. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Objects per page; Kubernetes' own clients take 500. */
  readonly pageSize?: number;
}

/**
 * One consistent list of a resource, trimmed to what discovery reads. All pages or none: whatever goes wrong rejects
 * in one line that names the URL (without query) and what the server said; a list whose continuation expired begins
 * anew, and two lists are never mixed.
 */
export const listAll = async <T extends KubernetesObject>(
  request: ListRequest<T>,
  options: ListOptions,
): Promise<readonly T[]> => (await listVersion(request, options)).objects;

/** A list, and the version of the cluster that it shows: from there on it can be watched. */
export interface ListedVersion<T> {
  readonly objects: readonly T[];
  readonly resourceVersion: string;
}

/** As `listAll`, with the version. */
export const listVersion = async <T extends KubernetesObject>(
  request: ListRequest<T>,
  options: ListOptions,
): Promise<ListedVersion<T>> => {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const listed = await attemptList(request, options);
    if (listed !== "expired") return listed;
  }
  const place = placeOf(listUrl(request, options));
  throw new TransientError(`GET ${place}: the list expired between pages ${mostAttempts} times`);
};

const mostAttempts = 3;
/** A million objects at the usual page size; beyond that the server repeats itself. */
const mostPages = 2_000;

const attemptList = async <T extends KubernetesObject>(
  request: ListRequest<T>,
  options: ListOptions,
): Promise<ListedVersion<T> | "expired"> => {
  const objects: T[] = [];
  // Ends the page asked for ahead, should the one at hand be refused.
  const ahead = new AbortController();
  const pageRequest: PageRequest = {
    transport: options.transport,
    signal: AbortSignal.any([options.signal, ahead.signal]),
    wait: options.wait ?? ((milliseconds, signal) => delay(milliseconds, undefined, { signal })),
    accept: acceptOf(request.resource, "PartialObjectMetadataList"),
  };
  let next: Promise<ArrivedPage | "expired"> | undefined = ask(listUrl(request, options), pageRequest);
  let version: string | undefined;
  try {
    for (let pages = 0; next !== undefined; pages++) {
      const answer: ArrivedPage | "expired" = await next;
      if (answer === "expired") return answer;
      if (pages >= mostPages) throw new Error(`GET ${answer.place}: more than ${mostPages} pages`);
      next =
        answer.continue === "" ? undefined : ask(listUrl(request, options, answer.continue), pageRequest);
      // Awaited in the next round; until then its failure is nobody's unhandled rejection.
      next?.catch(() => undefined);
      const page = answer.read();
      version ??= page.resourceVersion;
      if (page.resourceVersion !== version) return "expired";
      for (const item of page.items) objects.push(decodeItem(item, request.resource, answer.place));
    }
    return { objects, resourceVersion: version ?? "" };
  } finally {
    ahead.abort();
  }
};

const listUrl = <T extends KubernetesObject>(
  request: ListRequest<T>,
  { server, pageSize = 500 }: ListOptions,
  continuation = "",
): URL => {
  const url = resourceUrl(request, server);
  url.searchParams.set("limit", String(pageSize));
  if (continuation !== "") url.searchParams.set("continue", continuation);
  return url;
};

const decodeItem = <T extends KubernetesObject>(item: Json, resource: Resource<T>, place: string): T => {
  try {
    return resource.decode(item);
  } catch (cause) {
    throw new Error(`GET ${place}: ${resource.name} ${nameOf(item)}: ${reasonOf(cause)}`, { cause });
  }
};
