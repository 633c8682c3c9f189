import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { templateFindings } from "../../template-rules/rules.ts";
import * as a from "./good.ts";

describe("the rules of the packaged template", () => {
  test("find nothing in a good one", async () => {
    assert.deepEqual(await templateFindings(a.good()), []);
  });

  test("find a missing queue policy, and everything that it would have said", async () => {
    const found = await templateFindings(a.without("QueuesFromBus"));
    assert.equal(found.length, 3, found.join("; "));
  });

  test("find a role that two functions share, and that each may write the other's log", async () => {
    const found = await templateFindings(a.but("RelayLambdaFunction", { Role: a.arn("DiscoverRole") }));
    assert.match(found[0] ?? "", /^DiscoverLambdaFunction, RelayLambdaFunction: share the role/);
    assert.match(found[1] ?? "", /^DiscoverRole: may write the log/);
  });

  test("refuse a template that has nothing to look at, since silence would then mean nothing", async () => {
    await assert.rejects(templateFindings({}), /no function/);
  });
});
