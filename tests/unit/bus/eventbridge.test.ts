import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as z from "zod";
import { createClient, createEventBridgeBus } from "../../../lib/bus/eventbridge.ts";
import { TransientError } from "../../../lib/errors.ts";
import { type AwsAnswer, startAwsService } from "../../fakes/awsservice.ts";

interface Fault {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Decides about one entry by its number and how often it was put before. */
type Judge = (n: number, before: number) => Fault | "forget" | undefined;

const throttled: Fault = { ErrorCode: "ThrottlingException", ErrorMessage: "too fast" };

const startBus = async (judge: Judge = () => undefined) => {
  const requests: z.infer<typeof requestSchema>[] = [];
  const tries = new Map<number, number>();
  const waits: number[] = [];
  let underWay = 0;
  let most = 0;
  const service = await startAwsService(async (operation, input): Promise<AwsAnswer> => {
    assert.equal(operation, "PutEvents");
    const request = requestSchema.parse(input);
    requests.push(request);
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    const entries = request.Entries.flatMap(({ Detail }) => {
      const n = Detail.n;
      const before = tries.get(n) ?? 0;
      tries.set(n, before + 1);
      const fault = judge(n, before);
      return fault === "forget" ? [] : [fault ?? { EventId: `id-${n}` }];
    });
    return {
      body: { FailedEntryCount: entries.filter((one) => "ErrorCode" in one).length, Entries: entries },
    };
  });
  let failed = 0;
  const bus = createEventBridgeBus("rollcall", {
    client: createClient(service.config),
    backoff: async (attempt) => {
      waits.push(attempt);
    },
    failed: (count) => {
      failed += count;
    },
  });
  return { bus, requests, tries, waits, most: () => most, failed: () => failed };
};

const detailSchema = z
  .string()
  .transform((json) => JSON.parse(json))
  .pipe(z.object({ n: z.number(), text: z.string() }));
const requestSchema = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string(),
      Source: z.string(),
      DetailType: z.string(),
      Detail: detailSchema,
    }),
  ),
});

const entry = (n: number, text = "") => ({ detailType: "Target Group Changed", detail: { n, text } });
const entries = (count: number, text = "") => Array.from({ length: count }, (_, n) => entry(n, text));

/** An entry of exactly so many bytes: its source, detail type and detail. */
const entryOf = (n: number, bytes: number) => {
  const frame = Buffer.byteLength(`rollcall.discoveryTarget Group Changed${JSON.stringify({ n, text: "" })}`);
  const room = bytes - frame;
  return entry(n, "ä".repeat(room / 2) + "x".repeat(room % 2));
};

describe("the bus on EventBridge", () => {
  test("puts entries on the named bus under Rollcall's source", async () => {
    const { bus, requests } = await startBus();
    await bus.put([entry(0, "ä")]);
    const sent = {
      EventBusName: "rollcall",
      Source: "rollcall.discovery",
      DetailType: "Target Group Changed",
    };
    assert.deepEqual(requests, [{ Entries: [{ ...sent, Detail: { n: 0, text: "ä" } }] }]);
  });

  test("asks nothing for no entries", async () => {
    const { bus, requests } = await startBus();
    await bus.put([]);
    assert.equal(requests.length, 0);
  });

  test("packs ten entries to a request and keeps at most eight requests under way", async () => {
    const { bus, requests, tries, most } = await startBus();
    await bus.put(entries(205));
    assert.equal(tries.size, 205);
    assert.deepEqual(
      requests.map(({ Entries }) => Entries.length).sort((a, b) => a - b),
      [5, ...Array.from({ length: 20 }, () => 10)],
    );
    assert.ok(most() > 1 && most() <= 8);
  });

  test("fills a request up to 256 kB of UTF-8 as AWS counts them, and not one byte more", async () => {
    const fitting = await startBus();
    await fitting.bus.put([entryOf(0, 131_000), entryOf(1, 262_144 - 131_000)]);
    assert.equal(fitting.requests.length, 1);
    const over = await startBus();
    await over.bus.put([entryOf(0, 131_000), entryOf(1, 262_145 - 131_000)]);
    assert.equal(over.requests.length, 2);
    const alone = await startBus();
    await alone.bus.put([entryOf(0, 262_144)]);
    await assert.rejects(alone.bus.put([entryOf(0, 262_145)]), /exceeds/);
  });

  test("refuses an entry that alone is too large, by its name, before anything is put", async () => {
    const { bus, requests } = await startBus();
    await assert.rejects(bus.put([entry(1), entry(42, "x".repeat(262_144))]), (error) => {
      assert.ok(error instanceof Error && !(error instanceof TransientError));
      assert.match(error.message, /"Target Group Changed" entry of 262\d+ bytes .* begins \{"n":42,/);
      return true;
    });
    assert.equal(requests.length, 0);
  });

  test("puts only the failed entries again, one by one, after a wait", async () => {
    const { bus, requests, tries, waits, failed } = await startBus((n, before) =>
      (n === 3 && before < 2) || (n === 17 && before < 1) ? throttled : undefined,
    );
    await bus.put(entries(20));
    assert.equal(tries.get(3), 3);
    assert.equal(tries.get(17), 2);
    assert.equal(failed(), 3);
    assert.equal(
      [...tries.values()].reduce((sum, count) => sum + count),
      23,
    );
    assert.ok(requests.slice(2).every(({ Entries }) => Entries.length === 1));
    assert.deepEqual(waits.toSorted(), [1, 1, 2]);
  });

  test("puts an entry again that the answer forgets", async () => {
    const { bus, tries } = await startBus((n, before) => (n === 9 && before === 0 ? "forget" : undefined));
    await bus.put(entries(10));
    assert.equal(tries.get(9), 2);
  });

  test("asks for another try when entries keep failing, with the first reason, while the others went out", async () => {
    const { bus, tries } = await startBus((n) => (n % 2 === 0 ? throttled : undefined));
    await assert.rejects(bus.put(entries(6)), (error) => {
      assert.ok(error instanceof TransientError);
      assert.match(error.message, /failed 3 of 6 entries: ThrottlingException: too fast/);
      return true;
    });
    assert.deepEqual(
      [...tries.entries()].sort().map(([, count]) => count),
      [5, 1, 5, 1, 5, 1],
    );
  });

  test("asks for another try when the service is away", async () => {
    const client = createClient({
      endpoint: "http://127.0.0.1:1",
      region: "eu-central-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    await assert.rejects(createEventBridgeBus("rollcall", { client }).put([entry(1)]), (error) => {
      assert.ok(error instanceof TransientError);
      assert.match(error.message, /^EventBridge PutEvents: .*ECONNREFUSED/);
      return true;
    });
  });
});
