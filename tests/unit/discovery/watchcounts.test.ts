import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWatchCounts } from "../../../lib/discovery/watchcounts.ts";
import { provider } from "../../fakes/providers.ts";

const [pods, endpoints] = [provider({ id: "kubernetes/1" }), provider({ id: "kubernetes/2" })];

describe("the counts of watches", () => {
  test("are given by provider, role and event, each once", () => {
    const counts = createWatchCounts();
    counts.event(pods, "pod", "add");
    counts.event(pods, "pod", "add");
    counts.event(endpoints, "pod", "update");
    counts.event(endpoints, "service", "delete");
    assert.deepEqual(counts.take(pods.id).events, { "pod add": 2 });
    assert.deepEqual(counts.take(endpoints.id).events, { "pod update": 1, "service delete": 1 });
    assert.deepEqual(counts.take(pods.id).events, {});
    counts.event(pods, "pod", "delete");
    assert.deepEqual(counts.take(pods.id).events, { "pod delete": 1 });
  });

  test("give failures to whoever asks first, so that their sum is right", () => {
    const counts = createWatchCounts();
    counts.failure();
    counts.failure();
    assert.deepEqual([counts.take(pods.id).failures, counts.take(endpoints.id).failures], [2, 0]);
    counts.failure();
    assert.deepEqual([counts.take(endpoints.id).failures, counts.take(pods.id).failures], [1, 0]);
  });
});
