import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { discoverStatic } from "../../../lib/discovery/static.ts";

const groups = [
  { source: "0", labels: { env: "test" }, targets: [{ __address__: "a:1" }] },
  { source: "1", labels: {}, targets: [] },
];

const provider: Provider = {
  id: "static/0123456789ab",
  config: { mechanism: "static", groups },
  cluster: "static/0123456789ab",
  jobs: ["job"],
  every: 60_000,
  follow: "schedule",
};

const lookAt = async (one: Provider) => {
  const [outcome] = await discoverStatic([one], AbortSignal.timeout(10_000));
  return outcome !== undefined && "look" in outcome ? outcome.look : undefined;
};

describe("static groups", () => {
  test("are those of the configuration", async () => {
    const look = await lookAt(provider);
    assert.deepEqual(look?.groups, groups);
    assert.deepEqual(look?.problems, []);
    assert.equal(look?.keeps("2"), false);
  });

  test("carry the cluster's name when the settings give one", async () => {
    const look = await lookAt({ ...provider, clusterName: "edge" });
    assert.deepEqual(look?.groups[0]?.labels, { env: "test", __meta_rollcall_cluster: "edge" });
  });
});
