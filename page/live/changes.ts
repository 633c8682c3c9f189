import { useEffect, useState } from "preact/hooks";
import type * as z from "zod/mini";
import { type Answered, ask } from "./ask.ts";
import { reportAnswer, reportSilence } from "./connection.ts";
import { keepPace, retryPause, usualPause } from "./pace.ts";
import { type Change, changesShape } from "./shapes.ts";

/** What changed in a stretch of time that ends now, newest first. */
export interface Changes {
  readonly changes: readonly Change[];
  readonly isLoading: boolean;
  /** There were more than the page takes in: the oldest are missing. */
  readonly isCut: boolean;
  readonly error: string;
}

export interface ChangesAsked {
  readonly job: string;
  readonly source: string;
  /** Milliseconds back from now. */
  readonly span: number;
}

/** Everything of the stretch once; then every few seconds only what is new. */
export const useChanges = ({ job, source, span }: ChangesAsked): Changes => {
  const [changes, setChanges] = useState<Changes>(nothing);
  useEffect(() => {
    setChanges(nothing);
    let known: readonly Change[] = [];
    let isCut = false;
    return keepPace(async (signal) => {
      const now = Date.now();
      // A little before the newest: changes arrive in another order than they happened.
      const newest = known[0] === undefined ? 0 : Date.parse(known[0].at) - overlap;
      const since = Math.max(now - span, newest);
      const answered = await fetchSince({ job, source, since }, signal);
      if (answered.kind === "away") {
        reportSilence(answered.error);
        return retryPause;
      }
      reportAnswer();
      if (answered.kind === "refused") setChanges({ ...nothing, isLoading: false, error: answered.error });
      if (answered.kind === "data") {
        isCut ||= answered.data.isCut;
        known = merged(known, answered.data.changes).filter(({ at }) => Date.parse(at) >= now - span);
        setChanges({ changes: known, isLoading: false, isCut, error: "" });
      }
      return usualPause;
    });
  }, [job, source, span]);
  return changes;
};

const nothing: Changes = { changes: [], isLoading: true, isCut: false, error: "" };
const overlap = 60_000;
const mostChanges = 5000;

type Page = z.infer<typeof changesShape>;

const fetchSince = async (
  { job, source, since }: { job: string; source: string; since: number },
  signal: AbortSignal,
): Promise<Answered<Pick<Changes, "changes" | "isCut">>> => {
  const query = new URLSearchParams({ since: new Date(since).toISOString(), limit: "500" });
  if (job !== "") query.set("job", job);
  if (source !== "") query.set("source", source);
  let changes: readonly Change[] = [];
  let cursor = "";
  do {
    const more = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Answered<Page> = await ask(`api/v1/changes?${query}${more}`, changesShape, {
      tag: "",
      signal,
    });
    if (page.kind === "same") break;
    if (page.kind !== "data") return page;
    changes = changes.concat(page.data.changes);
    cursor = page.data.cursor ?? "";
  } while (cursor !== "" && changes.length < mostChanges);
  return { kind: "data", data: { changes, isCut: cursor !== "" }, tag: "" };
};

const merged = (known: readonly Change[], arrived: readonly Change[]): Change[] => {
  const all = new Map([...known, ...arrived].map((change) => [keyOf(change), change]));
  return [...all.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
};

export const keyOf = ({ at, provider, source, change, version }: Change): string =>
  `${at} ${provider} ${source} ${change} ${JSON.stringify(version ?? null)}`;
