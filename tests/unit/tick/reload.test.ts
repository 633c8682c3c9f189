import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { oneJob, setUp } from "./world.ts";

describe("POST /-/reload", () => {
  test("is 200 once the configuration is accepted, and a tick", async () => {
    const world = setUp(oneJob);
    const answer = await world.post({ host: "127.0.0.1:9095" });
    assert.ok("statusCode" in answer && answer.statusCode === 200);
    assert.equal(world.ordered().length, 1);
  });

  test("is 500 with the reason for a broken file", async () => {
    const world = setUp("scrape_configs: [{job_name: ''}]");
    const answer = await world.post({ host: "127.0.0.1:9095" });
    assert.ok("statusCode" in answer && answer.statusCode === 500);
    assert.match(String(answer.body), /^failed to reload config: .*job_name is empty/);
  });

  test("is refused to a page from elsewhere", async () => {
    const world = setUp(oneJob);
    const answer = await world.post({ host: "127.0.0.1:9095", origin: "https://evil.example" });
    assert.ok("statusCode" in answer && answer.statusCode === 403);
    assert.deepEqual(world.ordered(), []);
  });
});
