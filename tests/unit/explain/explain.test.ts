import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reasons } from "../../../lib/explain/reason.ts";
import { job } from "../../fakes/jobs.ts";
import { cases } from "./cases.ts";
import { answerOf, ask, endpoints, podProvider, services, web1 } from "./world.ts";

describe("why something is a target, or is not", () => {
  for (const { reason, object = web1, world, verdict = "not served", at, ok = false, sentence } of cases) {
    test(`${reason}: ${sentence.source.slice(0, 70)}`, async () => {
      const answer = await answerOf(object, world);
      assert.equal(answer.reason, reason, answer.sentence);
      assert.equal(answer.verdict, verdict);
      assert.match(answer.sentence, sentence);
      const failed = answer.steps.find((step) => step.ok === false);
      assert.equal(failed?.step, ok === null ? undefined : at);
      if (at !== undefined) assert.equal(answer.steps.find(({ step }) => step === at)?.ok, ok);
    });
  }

  test("every documented reason has a case here", () => {
    const told = new Set(cases.map(({ reason }) => reason));
    assert.deepEqual([...told].sort(), [...reasons].sort());
  });
});

describe("several jobs", () => {
  test("are answered one by one, those that have it in front", async () => {
    const explained = await ask(web1, {
      ...services,
      jobs: [job("services"), job("pods")],
      providers: [endpoints, podProvider()],
    });
    assert.ok("answers" in explained);
    assert.deepEqual(
      explained.answers.map((one) => [one.job, one.reason]),
      [
        ["pods", "served"],
        ["services", "not_in_endpoints"],
      ],
    );
  });
});
