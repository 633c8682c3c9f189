import { readFile } from "node:fs/promises";
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";
import { type Resources, templateSchema } from "./template-rules/resources.ts";
import { templateFindings } from "./template-rules/rules.ts";

/**
 * `npm run check:template`, after `npm run package`: AWS's own validator on the packaged template, and what it does not
 * see (template-rules/). Prints each finding; exits 1 when there is one.
 */
const path = ".serverless/cloudformation-template-update-stack.json";

/** Warnings that are faults all the same: a value outside its enum, a runtime that is gone. */
const fatalWarnings = new Set(["W3030", "W2531"]);

const validatorFindings = (): string[] => {
  const engine = new CelEngine();
  try {
    const { diagnostics } = engine.validateStandard(new TemplateFile(path));
    if (diagnostics.length === 0) throw new Error("the validator said nothing at all, not even in passing");
    return diagnostics
      .filter(
        ({ severity, ruleId }) => severity === "ERROR" || severity === "FATAL" || fatalWarnings.has(ruleId),
      )
      .map(({ ruleId, message }) => `${ruleId}: ${message}`);
  } finally {
    engine.free();
  }
};

const resources: Resources = templateSchema.parse(JSON.parse(await readFile(path, "utf8"))).Resources;
const findings = [...validatorFindings(), ...(await templateFindings(resources))];
for (const finding of findings) process.stderr.write(`${finding}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
