import assert from "node:assert/strict";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openJournal } from "../../../../local/queue/journal.ts";
import { createQueue } from "../../../../local/queue/queue.ts";
import { openQueues } from "../../../../local/queue/queues.ts";
import { temporaryFolder } from "../temporary.ts";
import { createTurnedClock } from "../turnedclock.ts";

const message = (id: number) => ({
  id: `00000000-0000-4000-8000-00000000000${id}`,
  body: `body ${id}`,
  attributes: {},
  sentAt: 1,
  receives: 0,
});

test("journal: keeps what was put and not removed, in order, and writes itself anew without the rest", (context) => {
  const file = join(temporaryFolder(context), "q.jsonl");
  const first = openJournal(file);
  for (const id of [1, 2, 3]) first.put(message(id));
  first.remove(message(2).id);
  first.close();
  const second = openJournal(file);
  assert.deepEqual(second.kept, [message(1), message(3)]);
  assert.equal(readFileSync(file, "utf8").trim().split("\n").length, 2);
  second.close();
});

test("journal: a line that a crash cut short costs that line only", (context) => {
  const file = join(temporaryFolder(context), "q.jsonl");
  const first = openJournal(file);
  first.put(message(1));
  first.close();
  appendFileSync(file, '{"put":{"id":"0000');
  const second = openJournal(file);
  assert.deepEqual(second.kept, [message(1)]);
  second.put(message(2));
  second.close();
  const third = openJournal(file);
  assert.deepEqual(third.kept, [message(1), message(2)]);
  third.close();
});

test("journal: forgets the oldest when more is put than fits, also what was kept before, never the newest", (context) => {
  const file = join(temporaryFolder(context), "q.jsonl");
  const line = Buffer.byteLength(`${JSON.stringify({ put: message(1) })}\n`);
  const first = openJournal(file, { mostBytes: 2 * line });
  assert.deepEqual(first.put(message(1)), []);
  assert.deepEqual(first.put(message(2)), []);
  assert.deepEqual(first.put(message(3)), [message(1).id]);
  first.close();
  const second = openJournal(file, { mostBytes: line });
  assert.deepEqual(second.kept, [message(3)]);
  const large = { ...message(4), body: "x".repeat(line) };
  assert.deepEqual(second.put(large), [message(3).id]);
  second.close();
  const third = openJournal(file);
  assert.deepEqual(third.kept, [large]);
  third.close();
});

test("journal: writes itself anew when most of it was removed, and loses nothing by it", (context) => {
  const file = join(temporaryFolder(context), "q.jsonl");
  const journal = openJournal(file);
  journal.put(message(1));
  const large = { ...message(2), body: "x".repeat(256 * 1024) };
  for (let round = 0; round < 20; round++) {
    journal.put(large);
    journal.remove(large.id);
    assert.ok(statSync(file).size < 1.5 * 1024 * 1024);
  }
  journal.put(message(3));
  journal.close();
  const again = openJournal(file);
  assert.deepEqual(again.kept, [message(1), message(3)]);
  again.close();
});

test("queues: what the journal forgets is no longer in the queue", (context) => {
  const journal = openJournal(join(temporaryFolder(context), "q.jsonl"), { mostBytes: 1 });
  const queue = createQueue({ definition: definition("dead"), clock: createTurnedClock(), journal });
  for (const body of ["a", "b"]) queue.send({ body });
  const found = queue.receive({ most: 10 }).map(({ message: kept }) => kept.body);
  assert.deepEqual(found, ["b"]);
  queue.close();
});

const definition = (name: string) => ({
  name,
  arn: `arn:aws:sqs:eu-central-1:000000000000:${name}`,
  url: `http://127.0.0.1/000000000000/${name}`,
  visibility: 30_000,
  retention: 1e9,
  delay: 0,
});

test("queues: dead letters survive a restart, ordinary messages do not", (context) => {
  const folder = temporaryFolder(context);
  const redrive = { deadLetterArn: definition("dead").arn, maxReceiveCount: 5 };
  const definitions = [{ ...definition("work"), redrive }, definition("dead"), definition("named")];
  const start = () =>
    openQueues({ definitions, kept: new Set([definition("named").arn]), folder, clock: createTurnedClock() });
  const before = start();
  for (const queue of before) queue.send({ body: queue.definition.name });
  for (const queue of before) queue.close();
  const after = start();
  const found = after.flatMap((queue) => queue.receive({ most: 10 }).map(({ message: kept }) => kept.body));
  assert.deepEqual(found.sort(), ["dead", "named"]);
  for (const queue of after) queue.close();
});

test("queues: a removed dead letter stays removed after a restart", (context) => {
  const folder = temporaryFolder(context);
  const start = () =>
    openQueues({
      definitions: [definition("dead")],
      kept: new Set([definition("dead").arn]),
      folder,
      clock: createTurnedClock(),
    });
  const [before] = start();
  before?.send({ body: "a" });
  const [delivery] = before?.receive({ most: 1 }) ?? [];
  before?.remove(delivery?.receipt ?? "");
  before?.close();
  const [after] = start();
  assert.deepEqual(after?.receive({ most: 1 }), []);
  after?.close();
});

test("queues: redriving to a queue that is not there refuses the start", (context) => {
  const redrive = { deadLetterArn: "arn:aws:sqs:eu-central-1:000000000000:nowhere", maxReceiveCount: 5 };
  const options = { kept: new Set<string>(), folder: temporaryFolder(context), clock: createTurnedClock() };
  assert.throws(
    () => openQueues({ definitions: [{ ...definition("work"), redrive }], ...options }),
    /queue work redrives/,
  );
});
