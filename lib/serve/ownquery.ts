import type { Job } from "../config/configuration.ts";
import { type Answer, failure } from "../door/answer.ts";
import type { Asked } from "./route.ts";

/** Refuses what a route of ours does not know, and what is there twice. */
export const strangeParameter = (query: URLSearchParams, known: readonly string[]): Answer | undefined => {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    return bad(`the parameter ${unknown} is not known; there are: ${known.join(", ")}`);
  const repeated = known.find((name) => name !== "match[]" && query.getAll(name).length > 1);
  return repeated === undefined ? undefined : bad(`${repeated} is given more than once`);
};

/** The job that `job` names, or all that the asker may see. */
export const askedJobs = ({ request, plan }: Asked): readonly Job[] | Answer => {
  const name = request.query.get("job");
  const { jobs } = plan.configuration;
  if (name === null) return jobs;
  const job = jobs.find((one) => one.name === name);
  if (job !== undefined) return [job];
  const names = jobs.map((one) => one.name);
  return failure(404, "not_found", `no such job: ${name}; there are: ${names.join(", ")}`, { jobs: names });
};

/** A page's size. */
export const askedLimit = (
  query: URLSearchParams,
  { usual, most }: { usual: number; most: number },
): number | Answer => {
  const text = query.get("limit") ?? String(usual);
  const limit = /^[1-9][0-9]{0,6}$/.test(text) ? Number(text) : 0;
  return limit > 0 && limit <= most ? limit : bad(`limit must be a whole number from 1 to ${most}`);
};

export const bad = (error: string): Answer => failure(400, "bad_data", error);

export const badCursor: Answer = bad("the cursor is none that was given here; begin again without it");
