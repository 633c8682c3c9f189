import { parseDuration } from "../config/duration.ts";
import { type Narrowing, parseNarrowing } from "../httpsd/narrowing.ts";
import type { Polling } from "./polling.ts";

/** What a reader of a list asked for. */
export interface SdQuery {
  readonly cluster: string | undefined;
  readonly narrowing: Narrowing;
  /** The tag that the reader has, and for how many milliseconds it wants to wait for another. */
  readonly after: { readonly tag: string; readonly wait: number } | undefined;
}

/** The query of `/sd/{job}`. The error is one line that says what is allowed. */
export const parseSdQuery = (
  query: URLSearchParams,
  polling: Polling | undefined,
): SdQuery | { readonly error: string } => {
  const unknown = [...query.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    // A scraper that asked for its shard by another name and got everything would scrape everything.
    return { error: `the parameter ${unknown} is not known; there are: at, ${parameters.join(", ")}` };
  }
  const repeated = ["cluster", "after", "wait"].find((name) => query.getAll(name).length > 1);
  if (repeated !== undefined) return { error: `${repeated} is given more than once` };
  const narrowed = parseNarrowing(query);
  if ("error" in narrowed) return narrowed;
  const waiting = parseWait(query, polling?.longest ?? 0);
  if ("error" in waiting) return waiting;
  return { cluster: query.get("cluster") ?? undefined, ...narrowed, ...waiting };
};

const parameters: readonly string[] = ["cluster", "match[]", "shard", "of", "relabel", "after", "wait"];

const parseWait = (
  query: URLSearchParams,
  longest: number,
): Pick<SdQuery, "after"> | { readonly error: string } => {
  const [after, wait] = [query.get("after"), query.get("wait")];
  if (after === null && wait === null) return { after: undefined };
  if (longest === 0) {
    return { error: "waiting for a change is off here (LONG_POLL_SECONDS is 0): leave out after and wait" };
  }
  if (after === null) return { error: "wait goes with after, the ETag of the list that you have" };
  const tag = /^(?:W\/)?"?([A-Za-z0-9_-]{1,64})"?$/.exec(after.trim())?.[1];
  if (tag === undefined) return { error: "after must be the ETag of a list, as it was answered" };
  const parsed = parseDuration(wait ?? `${longest / 1000}s`);
  if ("error" in parsed) return { error: `wait must be a duration such as 25s: ${parsed.error}` };
  return { after: { tag, wait: parsed.milliseconds } };
};
