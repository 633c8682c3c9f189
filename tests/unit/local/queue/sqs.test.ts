import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { systemClock } from "../../../../lib/clock.ts";
import { makeCredentials } from "../../../../local/credentials.ts";
import { startEndpoint } from "../../../../local/endpoint.ts";
import { createQueue } from "../../../../local/queue/queue.ts";
import { createSqs } from "../../../../local/queue/sqs.ts";

const start = async (context: TestContext) => {
  const credentials = makeCredentials();
  const endpoint = await startEndpoint(credentials);
  context.after(endpoint.close);
  const definition = {
    name: "work",
    arn: "arn:aws:sqs:eu-central-1:000000000000:work",
    url: `${endpoint.url}/000000000000/work`,
    visibility: 30_000,
    retention: 86_400_000,
    delay: 0,
    redrive: { deadLetterArn: "arn:aws:sqs:eu-central-1:000000000000:dead", maxReceiveCount: 5 },
  };
  const queue = createQueue({ definition, clock: systemClock });
  endpoint.serve([createSqs({ queues: [queue], clock: systemClock })]);
  const client = new SQSClient({
    endpoint: endpoint.url,
    region: "eu-central-1",
    credentials,
    maxAttempts: 1,
  });
  context.after(() => client.destroy());
  return { client, queue, QueueUrl: definition.url };
};

test("sqs: what the SDK sends it receives, and its digests are right", async (context) => {
  const { client, QueueUrl } = await start(context);
  const MessageAttributes = {
    Reason: { DataType: "String", StringValue: "größer" },
    Count: { DataType: "Number", StringValue: "5" },
    Bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
  };
  const sent = await client.send(
    new SendMessageCommand({ QueueUrl, MessageBody: "grüße", MessageAttributes }),
  );
  const asked = { QueueUrl, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All" as const] };
  const { Messages } = await client.send(new ReceiveMessageCommand(asked));
  const [message] = Messages ?? [];
  assert.equal(message?.MessageId, sent.MessageId);
  assert.equal(message?.Body, "grüße");
  assert.deepEqual(message?.MessageAttributes?.Reason, MessageAttributes.Reason);
  assert.deepEqual(message?.MessageAttributes?.Bytes?.BinaryValue, MessageAttributes.Bytes.BinaryValue);
  assert.equal(message?.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.equal(message?.Attributes?.ApproximateReceiveCount, "1");
  assert.match(message?.Attributes?.SentTimestamp ?? "", /^\d{13}$/);
});

test("sqs: the digest of attributes is the one that the guide's algorithm gives", async (context) => {
  const { client, QueueUrl } = await start(context);
  const MessageAttributes = { timestamp: { DataType: "Number", StringValue: "1493147359900" } };
  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", MessageAttributes }));
  // As AWS itself answered for this attribute.
  assert.equal(sent.MD5OfMessageAttributes, "235c5c510d26fb653d073faed50ae77c");
});

test("sqs: attributes that were not asked for are not told", async (context) => {
  const { client, QueueUrl } = await start(context);
  const MessageAttributes = { a: { DataType: "String", StringValue: "b" } };
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", MessageAttributes }));
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  assert.equal(Messages?.[0]?.MessageAttributes, undefined);
});

test("sqs: batches are sent, received and deleted", async (context) => {
  const { client, QueueUrl } = await start(context);
  const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `m${n}`, MessageBody: `body ${n}` }));
  const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  assert.equal(sent.Successful?.length, 10);
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  assert.equal(Messages.length, 10);
  const removals = [
    ...Messages.map(({ ReceiptHandle }, n) => ({ Id: `r${n}`, ReceiptHandle })).slice(1),
    { Id: "bad", ReceiptHandle: "nonsense" },
  ];
  const removed = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: removals }));
  assert.equal(removed.Successful?.length, 9);
  assert.deepEqual(
    removed.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault]),
    [["bad", true]],
  );
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
  );
  assert.equal(Attributes?.ApproximateNumberOfMessagesNotVisible, "1");
  assert.deepEqual(JSON.parse(Attributes?.RedrivePolicy ?? "{}").maxReceiveCount, 5);
});

test("sqs: a long poll ends as soon as a message comes", async (context) => {
  const { client, queue, QueueUrl } = await start(context);
  const polled = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  setTimeout(() => queue.send({ body: "late" }), 50);
  const { Messages } = await polled;
  assert.equal(Messages?.[0]?.Body, "late");
});

test("sqs: a client that leaves its long poll takes no message with it", async (context) => {
  const { client, queue, QueueUrl } = await start(context);
  const leaving = new AbortController();
  const polled = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: leaving.signal,
  });
  setTimeout(() => leaving.abort(), 50);
  await assert.rejects(polled, { name: "AbortError" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  queue.send({ body: "for the next" });
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  assert.equal(Messages?.[0]?.Body, "for the next");
});

test("sqs: visibility of zero gives a message back", async (context) => {
  const { client, QueueUrl } = await start(context);
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  const again = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  assert.equal(again.Messages?.length, 1);
});

test("sqs: a queue is found by name and can be purged", async (context) => {
  const { client, QueueUrl } = await start(context);
  const found = await client.send(new GetQueueUrlCommand({ QueueName: "work" }));
  assert.equal(found.QueueUrl, QueueUrl);
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  assert.deepEqual(Messages, []);
});

test("sqs: refusals arrive as the SDK's own exceptions", async (context) => {
  const { client, QueueUrl } = await start(context);
  const nowhere = QueueUrl.replace("work", "nowhere");
  await assert.rejects(
    client.send(new SendMessageCommand({ QueueUrl: nowhere, MessageBody: "a" })),
    QueueDoesNotExist,
  );
  await assert.rejects(
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "x" })),
    ReceiptHandleIsInvalid,
  );
  await assert.rejects(
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })),
    EmptyBatchRequest,
  );
  const invalid = { name: "InvalidParameterValue" };
  await assert.rejects(client.send(new SendMessageCommand({ QueueUrl, MessageBody: "" })), invalid);
  await assert.rejects(client.send(new SendMessageCommand({ QueueUrl, MessageBody: "\u0001" })), invalid);
  await assert.rejects(
    client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(1_048_577) })),
    invalid,
  );
  await assert.rejects(
    client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })),
    invalid,
  );
});
