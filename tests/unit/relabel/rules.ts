import type { Job } from "../../../lib/config/configuration.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import type { Rule } from "../../../lib/relabel/rule.ts";

/** A rule with Prometheus's defaults. */
export const ruleOf = (parts: Partial<Rule>): Rule => ({
  action: "replace",
  sourceLabels: [],
  separator: ";",
  regex: "(.*)",
  modulus: 0n,
  targetLabel: "",
  replacement: "$1",
  nameScheme: "utf8",
  ...parts,
});

/** A job as our reader reads it; `yaml` are lines of the job. */
export const jobOf = (yaml = ""): Job => {
  const text = `scrape_configs:\n- job_name: j\n${yaml.replaceAll(/^/gm, "  ")}\n`;
  return parseConfiguration({ main: { path: "prometheus.yml", text }, jobFiles: [] }).configuration.jobs[0]!;
};
