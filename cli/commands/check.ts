import { ConfigurationError, type Finding, findingLine } from "../../lib/config/error.ts";
import type { Command, Given, Io } from "../command.ts";
import { readConfiguration } from "../configuration.ts";
import { writeAnswer } from "../output/answer.ts";
import { clean } from "../output/clean.ts";

/** `rollcall check FILE`: what `up` and `tick` would say of a configuration. */
export const check: Command = {
  name: "check",
  summary: "check a prometheus.yml, and a rollcall.yml with it",
  operand: { name: "FILE" },
  options: {
    settings: { kind: "text", value: "FILE", isFile: true, about: "a rollcall.yml that is checked with it" },
    kubeconfig: { kind: "text", value: "FILE", isFile: true, about: "as `up` takes it" },
  },
  details:
    "Reads a configuration as strictly as Prometheus does, with the files it includes, and prints every finding as\nfile:line:column: message. Ends with 1 when there are findings.",
  asksNobody: true,
  run: async (given, io) => {
    try {
      const { configuration, warnings } = await readConfiguration(given.operand, given);
      return report({ given, io }, { findings: [], warnings, jobs: configuration.jobs.length });
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      return report({ given, io }, { findings: thrown.findings, warnings: [], jobs: 0 });
    }
  },
};

interface Checked {
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
  readonly jobs: number;
}

const report = (context: { given: Given; io: Io }, checked: Checked) => {
  const { findings, warnings, jobs } = checked;
  writeAnswer(context, { file: context.given.operand, jobs, findings, warnings }, () => {
    const found = findings.map(findingLine);
    const warned = warnings.map((warning) => `warning: ${warning}`);
    const good = findings.length === 0 ? [`${context.given.operand}: good, ${counted(jobs, "job")}`] : [];
    return [...found, ...warned, ...good].map((line) => `${clean(line)}\n`).join("");
  });
  return findings.length > 0 ? 1 : 0;
};

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
