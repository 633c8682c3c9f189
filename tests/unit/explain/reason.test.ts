import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { reasons, stepNames } from "../../../lib/explain/reason.ts";

const document = await readFile(new URL("../../../docs/explain.md", import.meta.url), "utf8");

test("every reason is in docs/explain.md, with what it means and what to do, and no other is", () => {
  const rows = document.split("| Reason | It means | Do |")[1]?.split("\n\n")[0] ?? "";
  const documented = [...rows.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)].map(([, reason]) => reason);
  assert.deepEqual([...documented].sort(), [...reasons].sort());
});

test("the steps are in docs/explain.md in the order of the road", () => {
  assert.ok(document.replaceAll("\n", " ").includes(`*${stepNames.join(", ")}*`));
});
