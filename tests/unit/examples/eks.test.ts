import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";

describe("the examples for EKS", () => {
  const engine = new CelEngine();
  after(() => engine.free());

  for (const name of ["eks-access-entry.yml", "eks-reader-role.yml"]) {
    test(`${name} is a template that AWS's validator has nothing against`, () => {
      const { diagnostics } = engine.validateStandard(new TemplateFile(`docs/examples/${name}`));
      const faults = diagnostics.filter(({ severity }) => severity === "ERROR" || severity === "FATAL");
      assert.deepEqual(
        faults.map(({ ruleId, message }) => `${ruleId}: ${message}`),
        [],
      );
    });
  }
});
