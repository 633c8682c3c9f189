import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { youngGeneration } from "../../../lib/metrics/heap.ts";

test("how the heap of cluster metrics grows is a flag that this V8 knows", () => {
  const file = new URL("../../../lib/metrics/heap.ts", import.meta.url);
  const program = `import { keepHeapSmall } from "${file}"; keepHeapSmall();`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  // V8 complains of a flag that it does not know, and goes on.
  assert.deepEqual([status, stderr], [0, ""]);
});

test("the young generation of cluster metrics is as small where they are deployed, by a flag that Node takes from its environment", () => {
  const service = readFileSync(new URL("../../../serverless.yml", import.meta.url), "utf8");
  const options = parse(service).functions.collect.environment.NODE_OPTIONS;
  assert.equal(options, youngGeneration);
  const env = { ...process.env, NODE_OPTIONS: options };
  const { status, stderr } = spawnSync(process.execPath, ["-e", ""], { encoding: "utf8", env });
  assert.deepEqual([status, stderr], [0, ""]);
});
