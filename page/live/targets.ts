import { useEffect, useState } from "preact/hooks";
import type * as z from "zod/mini";
import { targetsIn } from "../pure/compact.ts";
import { type Answered, ask } from "./ask.ts";
import { reportAnswer, reportSilence } from "./connection.ts";
import { keepPace, retryPause, usualPause } from "./pace.ts";
import { compactShape, type Target } from "./shapes.ts";

/** The targets of a job as far as they have arrived. */
export interface Targets {
  readonly job: string;
  readonly rows: readonly Target[];
  /** More are on their way. */
  readonly isLoading: boolean;
  /** There are more than the page takes in; selectors narrow them. */
  readonly isCut: boolean;
  readonly error: string;
}

/**
 * Every target of a job that fits a selector, page by page: the first few hundred are there at once, the rest follow.
 * Later only the first page is asked for, with the tag it had; when that has changed, all of them are fetched anew and
 * then exchanged at one stroke, so that nothing jumps.
 */
export const useTargets = (job: string, selectors: readonly string[] | undefined): Targets => {
  const [targets, setTargets] = useState<Targets>(nothing);
  const question = selectors === undefined || job === "" ? undefined : questionFor(job, selectors);
  useEffect(() => {
    if (question === undefined) return;
    // While other selectors are asked, the rows stay; those of another job would only deceive.
    setTargets((before) =>
      before.job === job ? { ...before, isLoading: true, error: "" } : { ...nothing, job },
    );
    let tag = "";
    let isFirst = true;
    return keepPace(async (signal) => {
      const began = performance.now();
      const outcome = await fetchAll(question, { tag, signal }, (rows) => {
        if (isFirst) setTargets({ job, rows, isLoading: true, isCut: false, error: "" });
      });
      if (outcome.kind === "away") {
        reportSilence(outcome.error);
        return retryPause;
      }
      reportAnswer();
      if (outcome.kind === "refused") setTargets({ ...nothing, job, isLoading: false, error: outcome.error });
      if (outcome.kind === "data") {
        ({ tag } = outcome);
        isFirst = false;
        setTargets({ job, ...outcome.data, isLoading: false, error: "" });
      }
      // A large job that changes all the time must not keep the server busy with this page alone.
      return Math.max(usualPause, 10 * (performance.now() - began));
    });
  }, [question, job]);
  return targets;
};

const nothing: Targets = { job: "", rows: [], isLoading: true, isCut: false, error: "" };

const questionFor = (job: string, selectors: readonly string[]) => {
  const query = new URLSearchParams({ job, compact: "true" });
  for (const selector of selectors) query.append("match[]", selector);
  return `api/v1/search?${query}`;
};

type Page = z.infer<typeof compactShape>;

const fetchAll = async (
  question: string,
  { tag, signal }: { tag: string; signal: AbortSignal },
  onRows: (rows: readonly Target[]) => void,
): Promise<Answered<Pick<Targets, "rows" | "isCut">>> => {
  const first = await ask(`${question}&limit=${firstPage}`, compactShape, { tag, signal });
  if (first.kind !== "data") return first;
  let rows: readonly Target[] = targetsIn(first.data);
  let cursor = cursorOf(first.data);
  while (cursor !== "" && rows.length < mostRows) {
    onRows(rows);
    const more = `${question}&limit=${laterPage}&cursor=${encodeURIComponent(cursor)}`;
    const page: Answered<Page> = await ask(more, compactShape, { tag: "", signal });
    if (page.kind === "same") break;
    if (page.kind !== "data") return page;
    rows = rows.concat(targetsIn(page.data));
    cursor = page.data.targets.length === 0 ? "" : cursorOf(page.data);
  }
  return { kind: "data", data: { rows, isCut: cursor !== "" }, tag: first.tag };
};

const cursorOf = ({ cursor }: Page) => cursor ?? "";

const firstPage = 200;
const laterPage = 10_000;
/** Beyond this a browser's memory is not ours to take. */
export const mostRows = 60_000;
