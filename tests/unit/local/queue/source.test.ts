import assert from "node:assert/strict";
import { test } from "node:test";
import type { SQSEvent } from "aws-lambda";
import { createQueue } from "../../../../local/queue/queue.ts";
import { type EventSourceOptions, startEventSource } from "../../../../local/queue/source.ts";
import { createTurnedClock, settle } from "../turnedclock.ts";

const definition = {
  name: "work",
  arn: "arn:aws:sqs:eu-central-1:000000000000:work",
  url: "http://127.0.0.1/000000000000/work",
  visibility: 30_000,
  retention: 86_400_000,
  delay: 0,
};

/** A source whose function answers as `answer` says, and the batches it was given. */
const start = (answer: (event: SQSEvent) => unknown, more: Partial<EventSourceOptions> = {}) => {
  const clock = createTurnedClock();
  const queue = createQueue({ definition, clock });
  const batches: SQSEvent[] = [];
  const invoke = async (event: unknown) => {
    const batch: SQSEvent = JSON.parse(JSON.stringify(event));
    batches.push(batch);
    return answer(batch);
  };
  const source = startEventSource({
    queue,
    clock,
    batchSize: 10,
    window: 0,
    maximumConcurrency: 2,
    partialFailures: true,
    invoke,
    ...more,
  });
  return { clock, queue, batches, source };
};

const leftOver = (queue: ReturnType<typeof start>["queue"]) => {
  const { visible, inFlight } = queue.counts();
  return visible + inFlight;
};

test("source: messages put in one go make one batch of Lambda's records, and are deleted afterwards", async () => {
  const { clock, queue, batches, source } = start(() => undefined);
  queue.send({ body: "a", attributes: { k: { DataType: "String", StringValue: "v" } } });
  queue.send({ body: "b" });
  await settle();
  assert.deepEqual(
    batches.map(({ Records }) => Records.map(({ body }) => body)),
    [["a", "b"]],
  );
  const record = batches[0]?.Records[0];
  assert.equal(record?.eventSource, "aws:sqs");
  assert.equal(record?.eventSourceARN, definition.arn);
  assert.equal(record?.awsRegion, "eu-central-1");
  assert.equal(record?.md5OfBody, "0cc175b9c0f1b6a831c399e269772661");
  assert.equal(record?.attributes.ApproximateReceiveCount, "1");
  assert.equal(record?.attributes.SentTimestamp, String(clock.now()));
  assert.deepEqual(record?.messageAttributes, {
    k: { stringValue: "v", stringListValues: [], binaryListValues: [], dataType: "String" },
  });
  assert.equal(leftOver(queue), 0);
  await source.close();
});

test("source: only the failures that were reported stay, until their visibility ends", async () => {
  const failing = ({ Records }: SQSEvent) => ({
    batchItemFailures: Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  });
  const { clock, queue, batches, source } = start(failing);
  for (const body of ["good", "bad"]) queue.send({ body });
  await settle();
  assert.equal(leftOver(queue), 1);
  await clock.turn(29_000);
  assert.equal(batches.length, 1);
  await clock.turn(1000);
  assert.deepEqual(
    batches[1]?.Records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount]),
    [["bad", "2"]],
  );
  await source.close();
});

const wholeBatchFails: readonly [string, (event: SQSEvent) => unknown][] = [
  ["a throw", () => Promise.reject(new Error("broken"))],
  ["an identifier that is not in the batch", () => ({ batchItemFailures: [{ itemIdentifier: "other" }] })],
  ["an empty identifier", () => ({ batchItemFailures: [{ itemIdentifier: "" }] })],
  ["a null identifier", () => ({ batchItemFailures: [{ itemIdentifier: null }] })],
  ["a misspelt key", () => ({ batchItemFailures: [{ itemIdentifer: "x" }] })],
  ["failures that are no list", () => ({ batchItemFailures: "x" })],
];

for (const [name, answer] of wholeBatchFails) {
  test(`source: ${name} fails the whole batch`, async () => {
    const { queue, source } = start(answer);
    for (const body of ["a", "b"]) queue.send({ body });
    await settle();
    assert.equal(leftOver(queue), 2);
    await source.close();
  });
}

for (const answer of [undefined, null, {}, { batchItemFailures: [] }, { batchItemFailures: null }]) {
  test(`source: ${JSON.stringify(answer)} means success`, async () => {
    const { queue, source } = start(() => answer);
    queue.send({ body: "a" });
    await settle();
    assert.equal(leftOver(queue), 0);
    await source.close();
  });
}

test("source: without ReportBatchItemFailures an answer means success whatever it says", async () => {
  const { queue, source } = start(
    ({ Records }) => ({ batchItemFailures: [{ itemIdentifier: Records[0]?.messageId }] }),
    {
      partialFailures: false,
    },
  );
  queue.send({ body: "a" });
  await settle();
  assert.equal(leftOver(queue), 0);
  await source.close();
});

test("source: no more batches run at once than allowed", async () => {
  let running = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const { queue, source, batches } = start(
    async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
    },
    { batchSize: 1 },
  );
  for (let n = 0; n < 5; n += 1) queue.send({ body: String(n) });
  for (let round = 0; round < 5; round += 1) {
    await settle();
    ends.shift()?.();
  }
  await settle();
  assert.equal(most, 2);
  assert.equal(batches.length, 5);
  for (const end of ends) end();
  await source.close();
});

test("source: a window gathers until the batch is full or the time is over", async () => {
  const { clock, queue, batches, source } = start(() => undefined, { window: 5000, batchSize: 3 });
  queue.send({ body: "a" });
  await clock.turn(4000);
  assert.equal(batches.length, 0);
  queue.send({ body: "b" });
  await clock.turn(1000);
  assert.deepEqual(
    batches.map(({ Records }) => Records.length),
    [2],
  );
  for (const body of ["c", "d", "e"]) queue.send({ body });
  await settle();
  assert.deepEqual(
    batches.map(({ Records }) => Records.length),
    [2, 3],
  );
  await source.close();
});

test("source: closing waits for the batch under way and takes no other", async () => {
  let finish = () => {};
  const { queue, batches, source } = start(() => new Promise<void>((resolve) => (finish = resolve)), {
    batchSize: 1,
  });
  queue.send({ body: "a" });
  await settle();
  const closed = source.close();
  queue.send({ body: "b" });
  let isClosed = false;
  void closed.then(() => (isClosed = true));
  await settle();
  assert.equal(isClosed, false);
  finish();
  await closed;
  assert.equal(batches.length, 1);
});

test("source: while a flood comes in one batch at a time is worked on, with pauses, and as many as allowed once it is over", async () => {
  const answers: (() => void)[] = [];
  const { clock, queue, batches, source } = start(
    () => new Promise<void>((resolve) => answers.push(resolve)),
  );
  for (let sent = 0; sent < 600; sent += 1) queue.send({ body: String(sent) });
  await settle();
  assert.equal(batches.length, 1);
  queue.send({ body: "one more" });
  answers.shift()?.();
  await settle();
  assert.equal(batches.length, 1);
  await clock.turn(50);
  assert.equal(batches.length, 2);
  await clock.turn(1_000);
  answers.shift()?.();
  await settle();
  assert.equal(batches.length, 4);
  while (leftOver(queue) > 0) {
    for (const answer of answers.splice(0)) answer();
    await settle();
  }
  await source.close();
});
