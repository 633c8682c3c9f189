import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { rollcall } from "../cli/run.ts";

const page = readFileSync(new URL("../../../docs/cost.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```console\n\$ rollcall (.+)\n([^`]*)```$/gm)];

/** After a change of the model or the prices, put what the commands print into the page. */
describe("docs/cost.md", () => {
  test("has worked examples", () => assert.ok(blocks.length >= 4));

  for (const [, command = "", shown] of blocks) {
    test(`shows what rollcall ${command} prints`, async () => {
      const { out, err, code } = await rollcall(command.split(" "));
      assert.deepEqual([code, err], [0, ""]);
      assert.equal(shown, out);
    });
  }
});
