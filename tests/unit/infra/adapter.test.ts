import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";

// Without their tags, functions are their arguments: `[0, ["-", [2, ["/", "AWS::StackId"]]]]` selects and splits.
const selected = z.tuple([
  z.number(),
  z.tuple([z.string(), z.tuple([z.number(), z.tuple([z.string(), z.literal("AWS::StackId")])])]),
]);
const named = z.tuple([z.string(), z.object({ id: selected })]);
const file = z.object({
  Resources: z.object({
    AdapterTargets: z.object({ Properties: z.object({ Name: named }) }),
    AdapterPermission: z.object({ Properties: z.object({ SourceArn: named }) }),
  }),
});
const path = resolve(import.meta.dirname, "../../../infra/adapter.yml");
const { AdapterTargets, AdapterPermission } = file.parse(
  parse(readFileSync(path, "utf8"), { logLevel: "silent" }),
).Resources;

const stack = `arn:aws:cloudformation:eu-central-1:111122223333:stack/${"x".repeat(128)}/0a1b2c3d-4e5f-11f0-8a9b-0a1b2c3d4e5f`;
const filledIn = ([text, { id }]: z.infer<typeof named>): string => {
  const [part, [dash, [place, [slash]]]] = id;
  return text.replace("${id}", stack.split(slash)[place]?.split(dash)[part] ?? "");
};

test("adapter: the target group's name fits, whatever the stack is called, and is the one that may call the function", () => {
  const name = filledIn(AdapterTargets.Properties.Name);
  assert.match(name, /^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/);
  assert.match(name, /0a1b2c3d/);
  assert.ok(filledIn(AdapterPermission.Properties.SourceArn).endsWith(`:targetgroup/${name}/*`));
});
