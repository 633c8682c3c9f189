import * as z from "zod";
import type { Entry } from "./entry.ts";
import type { Query } from "./query.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { refuse } from "./status.ts";
import type { Store } from "./store.ts";

/**
 * One page of a list as JSON. All pages of a chain show the version of the first one; a chain whose version has been
 * forgotten is answered 410, with a token that goes on inconsistently, as the real server does.
 */
export const listPage = (store: Store, resource: Resource, query: Query): string => {
  const from = startOf(store, query);
  const entries = within(snapshotAt(store, resource, from), query.namespace);
  const { items, next } = collect(entries, query, from.start);
  const goesOn = next < entries.length;
  const token: Token = { rv: from.version, start: entries[next]?.key ?? "", page: from.page + 1 };
  const metadata = {
    resourceVersion: String(from.version),
    ...(goesOn ? { continue: encodeToken(token) } : {}),
    ...(goesOn && !query.selective ? { remainingItemCount: entries.length - next } : {}),
  };
  const head = JSON.stringify({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata });
  return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
};

/** How many pages of its list a request has had; 0 without a readable token. */
export const pagesHad = (token: string | null): number =>
  token === null ? 0 : (decodeToken(token)?.page ?? 0);

/** The answer to a list that can no longer go on as it began. */
export const expiredContinue = (token: string) => {
  const { start, page } = decodeToken(token) ?? { start: "", page: 0 };
  return refuse(
    410,
    "the continue token is too old for a consistent list; begin anew, or go on with this one",
    {
      continue: encodeToken({ rv: inconsistent, start, page }),
    },
  );
};

interface Start {
  readonly version: number;
  /** The key to begin at. */
  readonly start: string;
  readonly page: number;
  readonly continued: string | undefined;
}

/** The version of a token that takes the newest objects from its key on. */
const inconsistent = -1;

const startOf = (store: Store, query: Query): Start => {
  const newest = store.version();
  if (query.continue !== undefined) {
    if (query.resourceVersion) throw refuse(400, "resourceVersion is not allowed together with continue");
    const token = decodeToken(query.continue);
    if (token === undefined) throw refuse(400, "continue key is not valid");
    return { ...token, version: token.rv === inconsistent ? newest : token.rv, continued: query.continue };
  }
  return { version: wantedVersion(newest, query), start: "", page: 0, continued: undefined };
};

const wantedVersion = (newest: number, query: Query) => {
  const wanted = query.resourceVersion ?? 0;
  if (wanted > newest) {
    throw refuse(504, `Timeout: Too large resource version: ${wanted}, current: ${newest}`, {
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      },
    });
  }
  return query.resourceVersionMatch === "Exact" ? wanted : newest;
};

const snapshotAt = (store: Store, resource: Resource, { version, continued }: Start): readonly Entry[] => {
  const entries = store.snapshot(resource, version);
  if (entries !== undefined) return entries;
  if (continued !== undefined) throw expiredContinue(continued);
  throw refuse(410, `The resourceVersion for the provided list is too old: ${version}`);
};

const within = (entries: readonly Entry[], namespace: string | undefined) => {
  if (namespace === undefined) return entries;
  // "0" follows "/" in byte order, so these two keys enclose the namespace's objects and nothing else.
  return entries.slice(firstFrom(entries, `${namespace}/`), firstFrom(entries, `${namespace}0`));
};

const collect = (entries: readonly Entry[], query: Query, start: string) => {
  // The real server's cache answers "any version" with everything, whatever the limit.
  const limit = query.limit === 0 || query.resourceVersion === 0 ? entries.length : query.limit;
  const items: string[] = [];
  let next = firstFrom(entries, start);
  for (; next < entries.length && items.length < limit; next += 1) {
    const entry = entries[next];
    if (entry !== undefined && query.matches(entry.object)) items.push(entry.item);
  }
  return { items, next };
};

const firstFrom = (entries: readonly Entry[], key: string) => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.key ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
};

const tokenSchema = z.object({ rv: z.int(), start: z.string(), page: z.int() });
type Token = z.infer<typeof tokenSchema>;

const encodeToken = (token: Token) => Buffer.from(JSON.stringify(token)).toString("base64url");

const decodeToken = (text: string): Token | undefined => {
  try {
    return tokenSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    return undefined; // Whatever a reader made up: the caller answers that the token is not valid.
  }
};
