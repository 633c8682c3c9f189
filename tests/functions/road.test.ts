import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import { z } from "zod";
import { defineAwslambda, onHead } from "../../local/function/awslambda.ts";
import { startTableServer } from "../contract/table.ts";
import { startAwsService } from "../fakes/awsservice.ts";
import { batch } from "../fakes/events.ts";
import { discoveryDueEvent, relayDueEvent, restRequest, scheduled } from "./recorded.ts";

const entry = z.object({ DetailType: z.string(), Detail: z.string(), Source: z.string() });
type Entry = z.infer<typeof entry>;
const entriesSchema = z.object({ Entries: z.array(entry) });

const message = z.object({
  MessageBody: z.string(),
  MessageAttributes: z.object({ reason: z.object({ StringValue: z.string() }) }),
});

const letter = (input: unknown, letters: string[]) => {
  const { MessageBody, MessageAttributes } = message.parse(input);
  letters.push(`${MessageBody}: ${MessageAttributes.reason.StringValue}`);
  const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
  return { body: { MessageId: "one", MD5OfMessageBody } };
};

/** The environment as AWS sets it, before any handler is imported; its services end with the tests. */
const prepare = async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-functions-"));
  after(() => rmSync(folder, { recursive: true }));
  const [put, letters]: [Entry[], string[]] = [[], []];
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, 'scrape_configs: [{job_name: a, static_configs: [{targets: ["127.0.0.1:1"]}]}]');
  const service = await startAwsService((operation, input) => {
    if (operation === "SendMessage") return letter(input, letters);
    const { Entries } = entriesSchema.parse(input);
    put.push(...Entries);
    return { body: { FailedEntryCount: 0, Entries: Entries.map((_, at) => ({ EventId: String(at) })) } };
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: service.config.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: await startTableServer("rollcall"),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    WHERE: "local",
    TABLE_NAME: "rollcall",
    BUS_NAME: "rollcall",
    DEAD_LETTER_URL: `${service.config.endpoint}/000000000000/dead`,
    CONFIG_FILE: config,
    LOG_LEVEL: "error",
    FOLLOW: "relay",
  });
  defineAwslambda();
  const add = (file: string, text: string) => writeFileSync(join(folder, file), text);
  return { put, letters, add };
};

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

    assert.deepEqual(await served("sd/a"), [200, '[{"targets":["127.0.0.1:1"],"labels":{}}]']);
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

  const served = async (path: string): Promise<[number | undefined, string]> => {
    const { handler } = await import("../../functions/serve.ts");
    const stream = new PassThrough();
    let status: number | undefined;
    onHead(stream, (head) => {
      status = head.statusCode;
    });
    const streamed: unknown = handler;
    assert.ok(typeof streamed === "function");
    const [body] = await Promise.all([text(stream), streamed(restRequest(path), stream, context)]);
    return [status, body];
  };
});

/** A reducer that believes itself hours behind would stop `tick` from ordering looks. */
const sentNow = (body: string) => {
  const { Records } = batch(body);
  const SentTimestamp = String(Date.now());
  return { Records: Records.map((one) => ({ ...one, attributes: { ...one.attributes, SentTimestamp } })) };
};

/** As EventBridge's rule hands an entry to the queue. */
const enveloped = ({ DetailType, Detail, Source }: Entry) =>
  JSON.stringify({
    "detail-type": DetailType,
    source: Source,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    detail: JSON.parse(Detail),
  });
