import assert from "node:assert/strict";
import { test } from "node:test";
import { measure } from "../../../lib/tick/measure.ts";
import { provider, status } from "../../fakes/providers.ts";

test("what CloudWatch is told counts each provider once, by its health, and none that the configuration no longer has", () => {
  const now = 1_790_000_000_000;
  const ok = { lastAttempt: now, lastSuccess: now, targets: 10 };
  const statuses = [
    status({ provider: "http/1", ...ok }),
    status({ provider: "http/2", ...ok, lastError: "away", targets: 5 }),
    status({ provider: "http/3", lastAttempt: now - 3_600_000, lastSuccess: now - 3_600_000, targets: 2 }),
    status({ provider: "http/4", ...ok, guard: { since: now, sources: 1, targets: 1 }, targets: 1 }),
    status({ provider: "http/gone", ...ok, lastError: "away", targets: 100 }),
  ];
  const providers = ["1", "2", "3", "4", "5"].map((id) => provider({ id: `http/${id}` }));
  const told: Record<string, number> = {};
  const add = (name: string, value: number) => {
    told[name] = value;
  };
  measure({ plan: { providers }, statuses, withoutRelay: 2, lag: 7.5, now }, { add, flush: () => undefined });
  assert.deepEqual(told, {
    StaleProviders: 1,
    FailingProviders: 1,
    GuardHeldProviders: 1,
    ClustersWithoutRelay: 2,
    ReducerLagSeconds: 7.5,
    Targets: 18,
  });
});
