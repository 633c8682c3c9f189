import { labelsJson } from "../scrapepool/json.ts";
import { ruleJson } from "../scrapepool/rulejson.ts";
import type { Answer, ExplainedTarget } from "./answer.ts";
import type { RuleTrace } from "./rules.ts";

/** Answers as `data` of `/api/v1/explain`; labels in the order of their names. */
export const answersJson = (answers: readonly Answer[]): string =>
  `{"answers":[${answers.map(answerJson).join(",")}]}`;

const answerJson = ({ targets, ...rest }: Answer): string =>
  `${JSON.stringify(rest).slice(0, -1)},"targets":[${targets.map(targetJson).join(",")}]}`;

const targetJson = ({ discovered, labels, rules, ...rest }: ExplainedTarget): string => {
  const members = [
    `"discoveredLabels":${labelsJson(discovered)}`,
    `"labels":${labelsJson(labels)}`,
    `"rules":[${rules.map(traceJson).join(",")}]`,
  ];
  return `${JSON.stringify(rest).slice(0, -1)},${members.join(",")}}`;
};

const traceJson = ({ number, rule, keep, before, after }: RuleTrace): string =>
  `{"number":${number},"rule":${ruleJson(rule)},"keep":${keep},"before":${labelsJson(before)},"after":${labelsJson(after)}}`;
