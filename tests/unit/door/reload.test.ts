import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { noSettings, type TokenSettings } from "../../../lib/config/settings.ts";
import type { Plan } from "../../../lib/discovery/current.ts";
import { answerReload } from "../../../lib/door/reload.ts";
import type { Acceptance } from "../../../lib/tick/accept.ts";

const kept = {
  outcome: "kept",
  reason: 'prometheus.yml:7: job "payroll": unknown field',
  fault: "refused",
} as const;

const token = (over: Partial<TokenSettings>): TokenSettings => ({
  name: "t",
  sha256: createHash("sha256").update("letmein").digest("hex"),
  jobs: ["*"],
  clusters: ["*"],
  operate: true,
  ...over,
});

const post = async (configuration: Acceptance, tokens: readonly TokenSettings[]) => {
  const plan: Plan = {
    hash: "h",
    providers: [],
    warnings: [],
    settings: { ...noSettings, tokens },
    configuration: { jobs: [] },
  };
  let ticks = 0;
  const reload = answerReload({ plan: async () => plan, clock: Date.now }, async () => {
    ticks += 1;
    return { configuration };
  });
  const answer = await reload({
    httpMethod: "POST",
    path: "/-/reload",
    headers: { host: "127.0.0.1", authorization: "Bearer letmein" },
    requestContext: { identity: { sourceIp: "127.0.0.1" } },
  });
  assert.ok("statusCode" in answer);
  return { status: answer.statusCode, body: answer.body, ticks };
};

describe("POST /-/reload", () => {
  test("is 200 once the configuration is accepted, also when nothing changed", async () => {
    for (const outcome of ["accepted", "unchanged"] as const)
      assert.deepEqual(await post({ outcome }, [token({})]), { status: 200, body: "", ticks: 1 });
  });

  test("is 500 with the reason for whoever may read everything", async () => {
    const expected = { status: 500, body: `failed to reload config: ${kept.reason}\n`, ticks: 1 };
    assert.deepEqual(await post(kept, [token({})]), expected);
    assert.deepEqual(await post(kept, []), expected);
  });

  for (const narrow of [{ jobs: ["pods"] }, { clusters: ["prod-*"] }]) {
    test(`tells a token with ${JSON.stringify(narrow)} that it was refused, and nothing of other jobs`, async () => {
      const { status, body } = await post(kept, [token(narrow)]);
      assert.equal(status, 500);
      assert.equal(
        body,
        'failed to reload config: the files are refused; why is in the log, and told to a token that reads all (jobs: ["*"], clusters: ["*"])\n',
      );
    });
  }

  test("is 403 without operate, and nothing is reloaded", async () => {
    const { status, ticks } = await post(kept, [token({ operate: false })]);
    assert.deepEqual([status, ticks], [403, 0]);
  });
});
