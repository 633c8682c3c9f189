import type { Command, Io } from "../command.ts";
import { writeAnswer } from "../output/answer.ts";
import { clean } from "../output/clean.ts";
import { labelsText } from "../output/labels.ts";
import { paint, table } from "../output/table.ts";
import { serverOf } from "../server/server.ts";
import { type Explanation, explainAnswer } from "../server/shapes.ts";

/** `rollcall explain OBJECT`: why something is a target, or is none. */
export const explain: Command = {
  name: "explain",
  summary: "say why an object is scraped or not, and by which job",
  operand: { name: "OBJECT" },
  options: {
    job: { kind: "text", value: "JOB", about: "ask about this job only" },
    rules: { kind: "flag", about: "show what each relabelling rule read and changed" },
  },
  details:
    "OBJECT is pod/NAMESPACE/NAME (or another kind), an address such as 10.0.0.7:8080, or a label selector such as\n'{pod=\"web-1\"}'. Every job answers in one sentence, with the steps on the way to it. Ends with 1 when no job serves it.",
  run: async (given, io) => {
    const server = await serverOf(given, io);
    const query = { object: given.operand, job: given.text("job") };
    const { answers } = await server.get("api/v1/explain", query, explainAnswer);
    writeAnswer({ given, io }, { answers }, () =>
      answers.length === 0
        ? `No job has anything to say of ${clean(given.operand)}.\n`
        : inOrder(answers)
            .map((answer) =>
              asText(answer, {
                io,
                isWhole: answers.length === 1 || isFound(answer),
                withRules: given.flag("rules"),
              }),
            )
            .join("\n"),
    );
    return answers.some(({ verdict }) => verdict !== "not served") ? 0 : 1;
  },
};

/** Those first that have found it. */
const inOrder = (answers: readonly Explanation[]) =>
  [...answers].sort((a, b) => Number(isFound(b)) - Number(isFound(a)));

const isFound = ({ verdict, steps }: Explanation) =>
  verdict !== "not served" || steps.some(({ step, ok }) => step === "listed" && ok === true);

interface Shown {
  readonly io: Io;
  readonly isWhole: boolean;
  readonly withRules: boolean;
}

const asText = (answer: Explanation, { io, isWhole, withRules }: Shown): string => {
  const { job, verdict, reason, sentence, steps, targets } = answer;
  const { good, bad, change, strong } = paint(io);
  const colour = { served: good, partly: change, "not served": bad }[verdict];
  const head = `${strong(clean(job))}: ${colour(verdict)} (${clean(reason)})\n${clean(sentence)}\n`;
  if (!isWhole) return head;
  const reached = steps.filter(({ ok, detail }) => typeof ok === "boolean" || detail !== "");
  const marks = reached.map(({ step, ok, detail }) => [
    `  ${step}`,
    ok ? "yes" : ok === false ? "no" : "–",
    detail,
  ]);
  const list = targets.map((target) => [
    `  ${nameOf(target)}`,
    target.reason ?? "",
    labelsText(target.labels ?? {}),
  ]);
  const stepTable = marks.length === 0 ? "" : table(["  STEP", "OK", "WHAT"], marks, io.out);
  const targetTable = list.length === 0 ? "" : table(["  TARGET", "REASON", "LABELS"], list, io.out);
  return (
    head +
    stepTable +
    targetTable +
    (withRules ? targets.map((target) => ruleTable(target, io)).join("") : "")
  );
};

type Target = Explanation["targets"][number];

const nameOf = ({ labels, discoveredLabels }: Target) =>
  labels?.instance ?? discoveredLabels.__address__ ?? "";

/** A row a rule: the labels that it read or changed, before and after it. */
const ruleTable = (target: Target, io: Io): string => {
  const rows = target.rules.map(({ number, rule, keep, before, after }) => [
    `  ${number} ${rule.action}`,
    labelsText(before, { all: true }),
    keep ? labelsText(after, { all: true }) : "dropped",
  ]);
  return `\n  ${clean(nameOf(target))}\n${table(["  RULE", "BEFORE", "AFTER"], rows, io.out)}`;
};
