import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { describe, test } from "node:test";
import * as z from "zod";
import { createClient, createDeadLetters } from "../../../lib/deadletter/sqs.ts";
import { TransientError } from "../../../lib/errors.ts";
import { startAwsService } from "../../fakes/awsservice.ts";

const messageSchema = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  MessageAttributes: z.record(
    z.string(),
    z.object({ DataType: z.literal("String"), StringValue: z.string() }),
  ),
});

const queueUrl = "http://127.0.0.1/000000000000/dead-letters";

const startQueue = async () => {
  const messages: { body: string; attributes: Record<string, string> }[] = [];
  const service = await startAwsService((operation, input) => {
    assert.equal(operation, "SendMessage");
    const { MessageBody, MessageAttributes, QueueUrl } = messageSchema.parse(input);
    assert.equal(QueueUrl, queueUrl);
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    messages.push({ body: MessageBody, attributes: Object.fromEntries(attributes) });
    return { body: { MessageId: "one", MD5OfMessageBody: hash("md5", MessageBody) } };
  });
  return { messages, letters: createDeadLetters(queueUrl, createClient(service.config)) };
};

describe("dead letters in SQS", () => {
  test("carry the message as it came, the reason and further attributes", async () => {
    const { letters, messages } = await startQueue();
    await letters.send({
      body: '{"ä":1}',
      reason: "schema 9 is unknown",
      attributes: { provider: "swarm/0", empty: "" },
    });
    assert.deepEqual(messages, [
      { body: '{"ä":1}', attributes: { reason: "schema 9 is unknown", provider: "swarm/0" } },
    ]);
  });

  test("cut a reason at 1 kB without splitting a character", async () => {
    const { letters, messages } = await startQueue();
    await letters.send({ body: "x", reason: `x${"€".repeat(1_000)}` });
    assert.equal(messages[0]?.attributes.reason, `x${"€".repeat(341)}`);
    await letters.send({ body: "x", reason: "€".repeat(1_000) });
    assert.equal(messages[1]?.attributes.reason, "€".repeat(341));
    await letters.send({ body: "x", reason: "y".repeat(1_024) });
    assert.equal(messages[2]?.attributes.reason, "y".repeat(1_024));
  });

  test("blank out what SQS would refuse the message for, and keep the rest", async () => {
    const { letters, messages } = await startQueue();
    await letters.send({ body: "x", reason: "a\u0000b\u001bc\ud800d\uffffe\tf\u{1f600}" });
    assert.equal(messages[0]?.attributes.reason, "a b c\ufffdd e\tf\u{1f600}");
  });

  test("always have a reason", async () => {
    const { letters, messages } = await startQueue();
    await letters.send({ body: "x", reason: "" });
    assert.equal(messages[0]?.attributes.reason, "no reason given");
  });

  test("ask for another try when the queue is away", async () => {
    const service = await startAwsService(() => ({ status: 500, body: { __type: "InternalFailure" } }));
    const letters = createDeadLetters(queueUrl, createClient(service.config));
    await assert.rejects(
      letters.send({ body: "x", reason: "y" }),
      (error) => error instanceof TransientError,
    );
  });
});
