import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filled } from "./poolsworld.ts";

describe("GET /api/v1/scrape_pools", () => {
  test("names the jobs by name", async () => {
    const { json } = await (await filled()).get("api/v1/scrape_pools");
    assert.deepEqual(json, { status: "success", data: { scrapePools: ["Empty", "nodes", "pods"] } });
  });

  test("/config gives the job's configuration", async () => {
    const { json } = await (await filled()).get("api/v1/scrape_pools/config?scrapePool=pods");
    assert.match(json.data.yaml, /^job_name: pods\n/);
  });

  for (const [query, error] of [
    ["", "no scrapePool parameter provided"],
    ["?scrapePool=x%22", 'error retrieving scrape config: scrape pool "x\\"" not found'],
  ] as const) {
    test(`/config${query} is refused in Prometheus's words`, async () => {
      const answer = await (await filled()).get(`api/v1/scrape_pools/config${query}`);
      assert.deepEqual(
        [answer.statusCode, answer.json.errorType, answer.json.error],
        [400, "bad_data", error],
      );
    });
  }
});
