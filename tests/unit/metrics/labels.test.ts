import assert from "node:assert/strict";
import { test } from "node:test";
import { commonLabels, containerLabels, podLabels } from "../../../lib/metrics/labels.ts";

test("the label groups of the export are those of Heapster's schema, in its order", () => {
  assert.deepEqual(
    [commonLabels, containerLabels, podLabels].map((group) => group.map(({ key }) => key)),
    [
      ["nodename", "hostname", "host_id"],
      ["container_name", "container_base_image"],
      ["pod_name", "pod_id", "namespace_id", "labels"],
    ],
  );
});
