import { failure, jsonBytes, tagged } from "../door/answer.ts";
import { keptDropped } from "../scrapepool/scrapepool.ts";
import { activeTargetJson, droppedTargetJson } from "../scrapepool/targetjson.ts";
import { createTurns } from "../turns.ts";
import { mostBytes, tooLate } from "./arrival.ts";
import { answerTag, type JobPool, type JobViews, readJobs, readPools, sortedJobs } from "./pools.ts";
import type { Route } from "./route.ts";

/** `GET /api/v1/targets?state&scrapePool`: as Prometheus answers, of targets that nobody has scraped yet (spec §5). */
export const targetsRoute: Route = {
  path: "api/v1/targets",
  answer: async (asked, parts) => {
    const { query, headers } = asked.request;
    const state = (query.get("state") ?? "").toLowerCase();
    const scrapePool = query.get("scrapePool") ?? "";
    const host = headers.host ?? "";
    const all = await readJobs(sortedJobs(asked.plan.configuration.jobs), asked, parts);
    const tag = answerTag(all, [state, scrapePool, host]);
    const isBoth = state === "" || state === "any";
    const shown = { active: isBoth || state === "active", dropped: isBoth || state === "dropped", host };
    const pools = await readPools(neededOf(all, shown.dropped, scrapePool));
    const chosen = pools.filter(({ job }) => scrapePool === "" || job.name === scrapePool);
    const most = mostBytes(asked.request, parts.doorSpeed ?? 0);
    if (await isLonger(answerOf(pools, chosen, shown), most)) {
      return failure(413, "too_large", tooLate(asked.request, most, lessOfIt));
    }
    return tagged(
      jsonBytes(() => inChunks(answerOf(pools, chosen, shown))),
      tag,
    );
  },
};

const lessOfIt =
  "ask for one job with ?scrapePool=NAME and ?state=active, or page by page with /api/v1/search?job=NAME&limit=1000";

/** Whether the texts have more bytes; they are made for that, but only where there is a limit, and only up to it. */
const isLonger = async (texts: Iterable<string>, most: number): Promise<boolean> => {
  if (most === Number.POSITIVE_INFINITY) return false;
  const turns = createTurns();
  let bytes = 0;
  for (const text of texts) {
    bytes += Buffer.byteLength(text);
    if (bytes > most) return true;
    const others = turns.next();
    if (others !== undefined) await others;
  }
  return false;
};

/** The counts are those of every pool. */
const neededOf = (all: readonly JobViews[], withCounts: boolean, scrapePool: string) =>
  withCounts ? all : all.filter(({ job }) => scrapePool === "" || job.name === scrapePool);

interface Shown {
  readonly active: boolean;
  readonly dropped: boolean;
  readonly host: string;
}

function* answerOf(pools: readonly JobPool[], chosen: readonly JobPool[], shown: Shown): Generator<string> {
  yield '{"status":"success","data":{"activeTargets":[';
  if (shown.active) yield* separated(activeIn(chosen, shown.host));
  yield '],"droppedTargets":[';
  if (shown.dropped) yield* separated(droppedIn(chosen));
  const counts = pools.map(({ job, pool }) => `${JSON.stringify(job.name)}:${pool.dropped.length}`);
  yield `],"droppedTargetCounts":${shown.dropped ? `{${counts.join(",")}}` : "null"}}}`;
}

function* activeIn(pools: readonly JobPool[], host: string): Generator<string> {
  for (const { job, pool } of pools) {
    for (const target of pool.active) yield activeTargetJson(job, target, host);
  }
}

function* droppedIn(pools: readonly JobPool[]): Generator<string> {
  for (const { job, pool } of pools) {
    for (const target of keptDropped(job, pool)) yield droppedTargetJson(job, target);
  }
}

function* separated(items: Iterable<string>): Generator<string> {
  let isFirst = true;
  for (const item of items) {
    yield isFirst ? item : `,${item}`;
    isFirst = false;
  }
}

/** An answer of 100,000 targets has 300 MB: it is made while it is sent. */
function* inChunks(texts: Iterable<string>): Generator<Uint8Array> {
  let chunk = "";
  for (const text of texts) {
    chunk += text;
    if (chunk.length < chunkLength) continue;
    yield Buffer.from(chunk);
    chunk = "";
  }
  yield Buffer.from(chunk);
}

const chunkLength = 128 * 1024;
