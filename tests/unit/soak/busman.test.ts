import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type BusFate, createBusman } from "../../e2e/soak/busman.ts";
import { startAwsService } from "../../fakes/awsservice.ts";

describe("what is put on the bus", () => {
  const start = async () => {
    const arrived: string[] = [];
    const { config } = await startAwsService((_, input) => {
      const { Entries } = Object(input);
      for (const { Detail } of Entries) arrived.push(Detail);
      return { body: { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: "x" })) } };
    });
    const environment = async () => ({
      AWS_ENDPOINT_URL: config.endpoint,
      AWS_REGION: config.region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    return { arrived, busman: createBusman({ random: () => 0, environment }) };
  };
  const entry = (Detail: string, DetailType = "Target Group Changed") => ({
    ...{ EventBusName: "bus", Source: "rollcall.discovery", DetailType, Detail },
  });
  const put = async (fate: BusFate) => {
    const { arrived, busman } = await start();
    let hits = 0;
    const hit = () => {
      hits += 1;
    };
    const Entries = [entry("1"), entry("an order", "Relay Due"), entry("2")];
    const answer = await busman.put({ Entries }, { fate, share: 1, hit });
    return { arrived, hits, failed: answer?.body?.FailedEntryCount, busman };
  };

  test("that is lost was taken, as its sender hears, and never arrives; orders do", async () => {
    const { arrived, hits, failed } = await put("lost");
    assert.deepEqual([arrived, hits, failed], [["an order"], 2, 0]);
  });

  test("that is refused does not arrive, and that is taken, yet refused, does", async () => {
    const refused = await put("refused");
    assert.deepEqual([refused.arrived, refused.failed], [["an order"], 2]);
    const taken = await put("taken, yet refused");
    assert.deepEqual([taken.arrived, taken.failed], [["1", "an order", "2"], 2]);
  });

  test("that comes twice arrives at once and again", async () => {
    const { arrived, failed } = await put("twice");
    assert.equal(failed, 0);
    while (arrived.length < 5) await new Promise(setImmediate);
    assert.deepEqual(arrived.toSorted(), ["1", "1", "2", "2", "an order"]);
  });

  test("and whose fate is none goes on as it is, and may come once more", async () => {
    const { arrived, busman } = await start();
    assert.equal(busman.sample(), undefined);
    assert.equal(await busman.replay(3), 0);
    assert.equal(await busman.put({ Entries: [entry("1")] }), undefined);
    assert.equal(await busman.replay(12), 12);
    assert.deepEqual(arrived, Array(12).fill("1"));
  });
});
