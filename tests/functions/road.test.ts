import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { batch } from "../fakes/events.ts";
import { enveloped, prepare, sentNow, served } from "./prepared.ts";
import { discoveryDueEvent, relayDueEvent, scheduled } from "./recorded.ts";

const { put, letters, add } = await prepare();

/** The deployed handlers themselves, as Lambda calls them: recorded events in, the real SDK out. */
describe("the functions", () => {
  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };

  test("bring a target from a schedule's firing to a scraper's answer", async () => {
    const { handler: tick } = await import("../../functions/tick.ts");
    await tick(scheduled, context);
    const [due] = put.splice(0);
    assert.equal(due?.DetailType, "Discovery Due");

    const { handler: discover } = await import("../../functions/discover.ts");
    await discover(discoveryDueEvent(JSON.parse(due?.Detail ?? "")), context);
    const [changed, ...others] = put.splice(0);
    assert.deepEqual([changed?.DetailType, others], ["Target Group Changed", []]);

    const { handler: reduce } = await import("../../functions/reduce.ts");
    assert.deepEqual(await reduce(sentNow(enveloped(changed!)), context), { batchItemFailures: [] });

    assert.deepEqual(await served("sd/a", context), [200, '[{"targets":["127.0.0.1:1"],"labels":{}}]']);
  });

  test("announce nothing when nothing has changed", async () => {
    const { handler: tick } = await import("../../functions/tick.ts");
    const { handler: discover } = await import("../../functions/discover.ts");
    await tick({ ...scheduled, start: true }, context);
    const [due] = put.splice(0);
    await discover(discoveryDueEvent(JSON.parse(due?.Detail ?? "")), context);
    assert.deepEqual(put, []);
  });

  test("follow a cluster until the invocation's time is over, and leave it to the next one", async () => {
    add("b.json", '[{"targets": ["127.0.0.1:2"]}]');
    add("prometheus.yml", "scrape_configs: [{job_name: b, file_sd_configs: [{files: [b.json]}]}]");
    const { handler: tick } = await import("../../functions/tick.ts");
    await tick(scheduled, context);
    const due = put.splice(0).find(({ DetailType }) => DetailType === "Relay Due");

    const { handler: relay } = await import("../../functions/relay.ts");
    const latest = Date.now() + 10_000;
    const isOver = () => put.some(({ DetailType }) => DetailType === "Target Group Changed");
    const left = () => (isOver() || Date.now() > latest ? 0 : 900_000);
    const event = relayDueEvent(JSON.parse(due?.Detail ?? ""));
    const ends = await relay(event, { awsRequestId: "slice", getRemainingTimeInMillis: left });
    assert.deepEqual(Object.values(ends), ["time"]);
    const [changed] = put.splice(0).filter(({ DetailType }) => DetailType === "Target Group Changed");
    assert.match(changed?.Detail ?? "", /127\.0\.0\.1:2/);
    assert.ok(Date.now() < latest);

    await tick(scheduled, context);
    assert.deepEqual(
      put.splice(0).filter(({ DetailType }) => DetailType === "Relay Due"),
      [due],
    );
  });

  test("send what can never be applied to the dead letters, with its reason", async () => {
    const { handler: reduce } = await import("../../functions/reduce.ts");
    assert.deepEqual(await reduce(batch("{"), context), { batchItemFailures: [] });
    assert.deepEqual(letters, ["{: the body is no JSON"]);
  });
});
