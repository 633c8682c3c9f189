import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationFaults } from "../../../lib/tick/faults.ts";
import { provider, status } from "../../fakes/providers.ts";

test("a secret that a provider's last look could not have shows as missing, until the provider is gone", () => {
  const one = provider({ id: "http/1" });
  const lacking = status({
    provider: "http/1",
    lastError: "x: ${ssm:/sd} is named by the configuration and cannot be read: no",
  });
  const unchanged = { outcome: "unchanged" } as const;
  assert.deepEqual(configurationFaults(unchanged, [one], [lacking]), { refused: false, missing: true });
  assert.deepEqual(configurationFaults(unchanged, [], [lacking]), { refused: false, missing: false });
  const failing = status({ provider: "http/1", lastError: "connection refused" });
  assert.deepEqual(configurationFaults(unchanged, [one], [failing]), { refused: false, missing: false });
});
