import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("how the heap of cluster metrics grows is a flag that this V8 knows", () => {
  const file = new URL("../../../lib/metrics/heap.ts", import.meta.url);
  const program = `import { keepHeapSmall } from "${file}"; keepHeapSmall();`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  // V8 complains of a flag that it does not know, and goes on.
  assert.deepEqual([status, stderr], [0, ""]);
});
