import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { after } from "node:test";
import * as z from "zod";
import { defineAwslambda, onHead } from "../../local/function/awslambda.ts";
import { startAwsService } from "../fakes/awsservice.ts";
import { batch } from "../fakes/events.ts";
import { setEnvironment } from "./environment.ts";
import { restRequest } from "./recorded.ts";

const entry = z.object({ DetailType: z.string(), Detail: z.string(), Source: z.string() });
export type Entry = z.infer<typeof entry>;
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
export const prepare = async (variables: Readonly<Record<string, string>> = {}) => {
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
  await setEnvironment({
    AWS_ENDPOINT_URL: service.config.endpoint,
    DEAD_LETTER_URL: `${service.config.endpoint}/000000000000/dead`,
    CONFIG_FILE: config,
    FOLLOW: "relay",
    ...variables,
  });
  defineAwslambda();
  const add = (file: string, text: string) => writeFileSync(join(folder, file), text);
  return { put, letters, add };
};

/** What the door answers: the status and the body. */
export const served = async (path: string, context: object): Promise<[number | undefined, string]> => {
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

/** A reducer that believes itself hours behind would stop `tick` from ordering looks. */
export const sentNow = (body: string) => {
  const { Records } = batch(body);
  const SentTimestamp = String(Date.now());
  return { Records: Records.map((one) => ({ ...one, attributes: { ...one.attributes, SentTimestamp } })) };
};

/** As EventBridge's rule hands an entry to the queue. */
export const enveloped = ({ DetailType, Detail, Source }: Entry) =>
  JSON.stringify({
    "detail-type": DetailType,
    source: Source,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    detail: JSON.parse(Detail),
  });
