import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Provider } from "../../../page/live/shapes.ts";
import { stateOfThings, worstHealth } from "../../../page/pure/health.ts";
import { formatPlace, parsePlace, views } from "../../../page/pure/route.ts";
import { clockTime, duration, grouped } from "../../../page/pure/time.ts";

describe("the page's addresses", () => {
  test("lead back to the place they were made of, whatever the job and the filters are called", () => {
    const place = fc.record({
      view: fc.constantFrom(...views.filter((view) => view !== "overview")),
      job: fc.string(),
      asked: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 })),
    });
    fc.assert(
      fc.property(place, (one) =>
        assert.deepEqual(parsePlace(formatPlace(one)), { ...one, asked: { ...one.asked } }),
      ),
    );
  });

  test("leave out what is empty", () => {
    assert.equal(
      formatPlace({ view: "targets", job: "a/b", asked: { q: "", state: "active" } }),
      "#/targets/a%2Fb?state=active",
    );
    assert.equal(formatPlace({ view: "overview", job: "", asked: {} }), "#/");
  });

  test("that nobody made are the overview, or read as they stand", () => {
    assert.equal(parsePlace("#/nowhere").view, "overview");
    assert.equal(parsePlace("").view, "overview");
    assert.equal(parsePlace("#/targets/100%").job, "100%");
  });
});

describe("times and numbers", () => {
  test("a length of time is said in one or two units", () => {
    assert.deepEqual([-1, 0, 59.9, 60, 200, 3600, 7290, 90_000].map(duration), [
      "0 s",
      "0 s",
      "59 s",
      "1 min",
      "3 min 20 s",
      "1 h",
      "2 h 1 min",
      "1 d 1 h",
    ]);
  });

  test("a time of another day has its date", () => {
    const now = new Date(2026, 10, 23, 15, 4, 5).getTime();
    assert.equal(clockTime(now, now), "15:04:05");
    assert.equal(clockTime(now - 86_400_000, now), "2026-11-22 15:04:05");
  });

  test("large numbers are grouped", () =>
    assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]));
});

describe("the sentence on top", () => {
  const provider: Provider = {
    provider: "kubernetes/1",
    mechanism: "kubernetes",
    cluster: "prod",
    jobs: ["pods"],
    health: "ok",
    followedBy: "relay",
    lastAttempt: null,
    lastSuccess: null,
    sources: 1,
    targets: 1,
    lastError: "",
    guard: null,
  };

  test("says that all is well, or how much is not", () => {
    assert.equal(stateOfThings([], 0), "No discovery is configured yet.");
    assert.equal(stateOfThings([provider], 0), "Every provider answers, and nothing is held back.");
    const held = { ...provider, guard: { since: null, sources: 1, targets: 2 } };
    const failing: Provider = { ...provider, health: "failing" };
    assert.equal(
      stateOfThings([failing, failing, held], 1),
      "2 providers are failing, 1 provider has removals held back, and 1 message could never be applied.",
    );
  });

  test("a job is as well as the worst of its providers", () => {
    assert.equal(worstHealth(["ok", "never", "stale"]), "stale");
    assert.equal(worstHealth([]), "ok");
  });
});
