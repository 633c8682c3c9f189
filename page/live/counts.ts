import { useEffect, useState } from "preact/hooks";
import { ask } from "./ask.ts";
import { keepPace } from "./pace.ts";
import { searchShape } from "./shapes.ts";

export interface Counts {
  readonly active: number;
  readonly dropped: number;
  readonly failed: number;
  /** Found more than once: another target stands for them. */
  readonly duplicate: number;
}

/** How many targets each job has and drops, as far as that is known. One question a job, and mostly the answer is that nothing changed. */
export const useCounts = (jobs: readonly string[]): ReadonlyMap<string, Counts> => {
  const [counts, setCounts] = useState<ReadonlyMap<string, Counts>>(new Map());
  const asked = jobs.slice(0, mostJobs).join("\n");
  useEffect(() => {
    if (asked === "") return;
    const tags = new Map<string, string>();
    return keepPace(async (signal) => {
      for (const job of asked.split("\n")) {
        const path = `api/v1/search?${new URLSearchParams({ job, limit: "1" })}`;
        const answered = await ask(path, searchShape, { tag: tags.get(job) ?? "", signal });
        if (answered.kind !== "data") continue;
        tags.set(job, answered.tag);
        const { counts: found } = answered.data;
        if (found !== undefined) setCounts((before) => new Map(before).set(job, found));
      }
      return pause;
    });
  }, [asked]);
  return counts;
};

/** Milliseconds. */
const pause = 5000;
/** Further jobs show what their providers found, which needs no question of its own. */
const mostJobs = 60;
