import { failure, text } from "../door/answer.ts";
import { reasonOf } from "../errors.ts";
import { type RelabelStep, relabelSteps } from "../relabel/steps.ts";
import { labelsJson } from "../scrapepool/json.ts";
import { ruleJson } from "../scrapepool/rulejson.ts";
import { labelSet } from "../targetgroup/event.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";
import type { Route } from "./route.ts";
import { askedPool } from "./scrapepools.ts";

/** `GET /api/v1/targets/relabel_steps?scrapePool&labels`: what each rule of the job does to the labels (spec §5). */
export const relabelStepsRoute: Route = {
  path: "api/v1/targets/relabel_steps",
  answer: async (asked) => {
    const { query } = asked.request;
    if ((query.get("scrapePool") ?? "") === "") return bad("no scrapePool parameter provided");
    const written = query.get("labels") ?? "";
    if (written === "") return bad("no labels parameter provided");
    const parsed = parseLabels(written);
    if ("error" in parsed) return bad(`error parsing labels: ${parsed.error}`);
    const found = askedPool(asked);
    if ("statusCode" in found) return found;
    const steps = relabelSteps(parsed.labels, found.job.relabelConfigs).map(stepJson);
    return text(200, `{"status":"success","data":{"steps":[${steps.join(",")}]}}`, "application/json");
  },
};

const bad = (error: string) => failure(400, "bad_data", error);

const parseLabels = (written: string): { readonly labels: LabelSet } | { readonly error: string } => {
  try {
    const parsed = labelSet.safeParse(JSON.parse(written));
    return parsed.success ? { labels: parsed.data } : { error: "expected a JSON object of texts" };
  } catch (error) {
    return { error: reasonOf(error) };
  }
};

const stepJson = ({ rule, after, keep }: RelabelStep) =>
  `{"rule":${ruleJson(rule)},"output":${labelsJson(after)},"keep":${keep}}`;
