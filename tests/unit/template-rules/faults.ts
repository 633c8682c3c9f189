import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Resources } from "../../template-rules/resources.ts";
import { templateFindings } from "../../template-rules/rules.ts";

export type Faults = readonly [string, Resources, RegExp][];

/** A template with one fault, its name, and the one line that tells it. */
export const testEach = (faults: Faults) =>
  describe("the rules of the packaged template", () => {
    for (const [name, resources, finding] of faults) {
      test(`find ${name}`, async () => {
        const found = await templateFindings(resources);
        assert.equal(found.length, 1, found.join("; "));
        assert.match(found[0] ?? "", finding);
      });
    }
  });
