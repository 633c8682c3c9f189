import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { usageOperations } from "../../docs/openapi/usage.ts";
import { smallBatch } from "../unit/model/cluster.ts";
import { clusters, madeUpToken, usual, world } from "../unit/model/world.ts";
import { createDescribed } from "./described.ts";
import type { Asked } from "./door.ts";

const { hold, unseen } = createDescribed(usageOperations);

type Ask = Awaited<ReturnType<typeof world>>;
const check = async (ask: Ask, expected: number, query = "", asked: Asked = {}) => {
  const target = `/api/v1/usage${query}`;
  const { status, headers, body } = await ask(target, { headers: { ...asked.headers } });
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  hold(target, asked, { status, headers: Object.fromEntries(lower), body });
  assert.equal(status, expected, body);
  return headers;
};

describe("what usage answers is what the document says", () => {
  test("to questions good and bad", async () => {
    const ask = await world({ batches: [smallBatch(0), smallBatch(1)] });
    const { ETag = "" } = await check(ask, 200, "?cluster=prod-eu&sort=name&limit=5");
    await check(ask, 304, "?cluster=prod-eu", { headers: { "If-None-Match": ETag } });
    for (const query of ["?node=n1", "?namespace=shop&pod=web", "?namespace=shop&pod=web&container=app"])
      await check(ask, 200, query);
    await check(ask, 400, "?pod=web");
    await check(ask, 404, "?cluster=none");
    await check(ask, 403, "", { headers: { Host: "evil.example" } });
  });

  test("where there is nothing to tell, and to whom it does not let in", async () => {
    await check(await world(), 200);
    await check(await world({ settings: clusters }), 200);
    const { written } = madeUpToken(`jobs: ["*"]`);
    await check(await world({ settings: `${clusters}${usual}tokens: [${written}]` }), 401);
    await check(await world({ isUnconfigured: true }), 503);
  });

  after(() => assert.deepEqual(unseen(), [], "in the document, but never seen"));
});
