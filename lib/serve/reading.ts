import { parseShard } from "../httpsd/shard.ts";
import type { ReaderMark } from "../readers/readers.ts";
import { findJob } from "./job.ts";
import type { Asked, Route } from "./route.ts";
import { parseSdQuery } from "./sdquery.ts";

/**
 * A route of lists whose readers leave marks. The mark is written while the list is made, so that it costs the reader a
 * moment at most, and that once a minute; nothing is written behind the answer, where a function may be frozen.
 */
export const marked = (route: Route): Route => ({
  ...route,
  answer: async (asked, parts) => {
    const mark = markFor(asked);
    const written = mark === undefined ? undefined : parts.readers?.recorder.record(mark);
    const [answer] = await Promise.all([route.answer(asked, parts), written]);
    return answer;
  },
});

/** Undefined for whoever gets no list: a bad question, no such job, a list of the past. */
const markFor = ({ request, access, plan, rest }: Asked): Omit<ReaderMark, "at"> | undefined => {
  const job = findJob(rest, plan);
  if (job === undefined || "error" in parseSdQuery(withoutWait(request.query), undefined)) return undefined;
  const { headers, peer, query } = request;
  const parsed = parseShard(query.get("shard") ?? undefined, query.get("of") ?? undefined);
  const reader = access.name === "loopback" ? peer : access.name;
  return {
    job,
    reader,
    agent: productIn(headers["user-agent"] ?? ""),
    shard: "shard" in parsed ? parsed.shard : undefined,
  };
};

/** Whether somebody may wait is not the matter here. */
const withoutWait = (query: URLSearchParams) =>
  new URLSearchParams([...query].filter(([name]) => name !== "after" && name !== "wait"));

/** The first product of a `User-Agent` (RFC 9110 §10.1.5), such as `Prometheus/3.5.0`. */
const productIn = (header: string): string =>
  /^[\w!#$%&'*+.^`|~-]{1,64}(?:\/[\w!#$%&'*+.^`|~-]{1,64})?/.exec(header)?.[0] ?? "";
