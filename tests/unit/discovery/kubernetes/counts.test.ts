import assert from "node:assert/strict";
import { test } from "node:test";
import type { Counts } from "../../../../lib/discovery/kubernetes/counts.ts";
import { followFake } from "./fakecluster.ts";
import { filled, followed } from "./followed.ts";
import { nodeManifest, podManifest, serviceManifest } from "./manifests.ts";
import { nothingAttached } from "./provider.ts";

test("events are counted as upstream counts them", async () => {
  const fake = filled();
  const counted: string[] = [];
  const counts: Counts = {
    event: ({ config }, role, event) =>
      void counted.push(`${"role" in config && config.role}: ${role} ${event}`),
    failure: () => undefined,
  };
  const attachMetadata = { ...nothingAttached, node: true };
  const providers = (["pod", "endpoints", "endpointslice", "service"] as const).map((role) =>
    followed({ role, attachMetadata }),
  );
  const { look } = followFake(fake, providers, { counts });
  await look();
  fake.apply("pods", podManifest("a"));
  fake.remove("pods", "shop/a");
  fake.apply("nodes", nodeManifest("n1"));
  fake.apply("services", serviceManifest("new"));
  assert.deepEqual(counted, [
    "pod: pod update",
    "endpoints: pod update",
    "pod: pod delete",
    "endpoints: service add",
    "endpointslice: service add",
    "service: service add",
  ]);
});
