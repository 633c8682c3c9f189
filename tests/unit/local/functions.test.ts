import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import type { FunctionDefinition } from "../../../local/function/definition.ts";
import { loadFunctions } from "../../../local/functions.ts";
import { temporaryFolder } from "./temporary.ts";
import { createTurnedClock, settle } from "./turnedclock.ts";

const definition = (more: Partial<FunctionDefinition> = {}): FunctionDefinition => ({
  name: "one",
  fullName: "rollcall-dev-one",
  arn: "arn:aws:lambda:eu-central-1:000000000000:function:rollcall-dev-one",
  handler: "one.handler",
  timeout: 3000,
  memory: 1024,
  environment: {},
  maximumAttempts: 2,
  maximumAge: 21_600_000,
  streamed: false,
  ...more,
});

/** Loads a handler of this text; `calls` is what the handler pushes into `globalThis.calls`. */
const load = async (context: TestContext, text: string, more: Partial<FunctionDefinition> = {}) => {
  const root = temporaryFolder(context);
  const calls: unknown[] = [];
  Object.assign(globalThis, { calls });
  writeFileSync(join(root, "one.mjs"), text);
  const clock = createTurnedClock();
  const lines: string[] = [];
  const given: [string, object][] = [];
  const functions = await loadFunctions({
    definitions: [definition(more)],
    root,
    clock,
    log: (line) => lines.push(line),
    giveUp: (arn, record) => given.push([arn, record]),
  });
  return { functions, clock, lines, calls, given };
};

test("functions: a handler gets the event as JSON and Lambda's context, and its answer comes back", async (context) => {
  const text = `export const handler = async (event, context) =>
    ({ event, name: context.functionName, left: context.getRemainingTimeInMillis(), id: context.awsRequestId, arn: context.invokedFunctionArn })`;
  const { functions } = await load(context, text);
  const answer = await functions.invoke("one", { a: 1, lost: undefined });
  assert.ok(typeof answer === "object" && answer !== null && "id" in answer);
  const { id, ...rest } = answer;
  assert.match(String(id), /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, { event: { a: 1 }, name: "rollcall-dev-one", left: 3000, arn: definition().arn });
});

test("functions: a handler that throws rejects, and the log says which and why", async (context) => {
  const { functions, lines } = await load(
    context,
    "export const handler = () => { throw new Error('no luck') }",
  );
  await assert.rejects(functions.invoke("one", {}), { message: "no luck" });
  assert.deepEqual(lines, ["one failed: no luck"]);
});

test("functions: a handler over its time is failed, whatever it does later", async (context) => {
  const { functions, clock, lines } = await load(
    context,
    "export const handler = () => new Promise(() => {})",
  );
  const failed = assert.rejects(functions.invoke("one", {}), { message: "Task timed out after 3 seconds" });
  await clock.turn(3000);
  await failed;
  assert.deepEqual(lines, ["one failed: Task timed out after 3 seconds"]);
});

const endless = (begin: string) => `export const handler = awslambda.streamifyResponse((event, stream) => {
  ${begin}
  return new Promise(() => {});
});`;
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

test("functions: an answer that has begun may take its reader's time, but not for ever", async (context) => {
  const begun = endless("awslambda.HttpResponseStream.from(stream, { statusCode: 200 }).write('a')");
  const { functions, clock, lines } = await load(context, begun, { streamed: true });
  const failed = assert.rejects(functions.stream("one", {}, nowhere()), { message: /^Task timed out/ });
  await clock.turn(599_999);
  assert.deepEqual(lines, []);
  await clock.turn(1);
  await failed;
});

test("functions: an answer that has not begun in time is failed", async (context) => {
  const { functions, clock } = await load(context, endless(""), { streamed: true });
  const failed = assert.rejects(functions.stream("one", {}, nowhere()), { message: /^Task timed out/ });
  await clock.turn(3000);
  await failed;
});

const counting =
  "export const handler = async (event) => { globalThis.calls.push(event); throw new Error('again') }";

test("functions: an event that came to nothing goes to the function's queue, in Lambda's record", async (context) => {
  const more = { maximumAttempts: 0, onFailureArn: "arn:queue" };
  const { functions, given } = await load(context, counting, more);
  functions.invokeAsync("one", { n: 1 });
  await functions.idle();
  const [[arn, record] = ["", {}], ...others] = given;
  assert.deepEqual([arn, others], ["arn:queue", []]);
  assert.partialDeepStrictEqual(record, {
    version: "1.0",
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
    requestPayload: { n: 1 },
    responsePayload: { errorMessage: "again", errorType: "Error" },
  });
});

test("functions: an event that came to nothing is only logged when no queue is named", async (context) => {
  const { functions, given, lines } = await load(context, counting, { maximumAttempts: 0 });
  functions.invokeAsync("one", { n: 1 });
  await functions.idle();
  assert.deepEqual(given, []);
  assert.deepEqual(lines.slice(1), ["one: an event was dropped after 1 tries"]);
});

test("functions: an asynchronous invocation is tried three times, after one minute and after two more", async (context) => {
  const { functions, clock, calls, lines } = await load(context, counting);
  functions.invokeAsync("one", { n: 1 });
  await clock.turn(59_999);
  assert.equal(calls.length, 1);
  await clock.turn(1);
  assert.equal(calls.length, 2);
  await clock.turn(120_000);
  assert.deepEqual(calls, [{ n: 1 }, { n: 1 }, { n: 1 }]);
  await clock.turn(3_600_000);
  assert.equal(calls.length, 3);
  assert.equal(lines.at(-1), "one: an event was dropped after 3 tries");
});

test("functions: maximumRetryAttempts and maximumEventAge bound the tries", async (context) => {
  const never = await load(context, counting, { maximumAttempts: 0 });
  never.functions.invokeAsync("one", {});
  await never.clock.turn(3_600_000);
  assert.equal(never.calls.length, 1);
  const young = await load(context, counting, { maximumAge: 90_000 });
  young.functions.invokeAsync("one", {});
  await young.clock.turn(3_600_000);
  assert.equal(young.calls.length, 2);
});

test("functions: idle waits for what runs", async (context) => {
  const text = "export const handler = () => new Promise((resolve) => globalThis.calls.push(resolve))";
  const { functions, calls } = await load(context, text);
  functions.invokeAsync("one", {});
  await settle();
  let isIdle = false;
  const idle = functions.idle().then(() => {
    isIdle = true;
  });
  await settle();
  assert.equal(isIdle, false);
  const [finish] = calls;
  assert.ok(typeof finish === "function");
  finish();
  await idle;
});

const untilItsTime = `export const handler = async (event, context) => {
  globalThis.calls.push(event);
  while (context.getRemainingTimeInMillis() > 0) await new Promise(setImmediate);
  globalThis.calls.push("over");
}`;

test("functions: stop tells what runs that its time is over, and starts nothing for an event any more", async (context) => {
  const { functions, calls, lines } = await load(context, untilItsTime);
  functions.invokeAsync("one", "first");
  await settle();
  assert.deepEqual(calls, ["first"]);
  functions.stop();
  await functions.idle();
  functions.invokeAsync("one", "second");
  await functions.idle();
  assert.deepEqual([calls, lines], [["first", "over"], []]);
});

test("functions: stop leaves its time to what is asked for afterwards, since somebody waits for the answer", async (context) => {
  const text = "export const handler = async (event, context) => context.getRemainingTimeInMillis()";
  const { functions } = await load(context, text);
  functions.stop();
  assert.equal(await functions.invoke("one", {}), 3000);
});

test("functions: stop lets go what waits for another try", async (context) => {
  const { functions, clock, calls } = await load(context, counting);
  functions.invokeAsync("one", { n: 1 });
  await settle();
  functions.stop();
  await clock.turn(3_600_000);
  assert.equal(calls.length, 1);
});

test("functions: middy's streamed mode runs on our awslambda", async (context) => {
  const middy = import.meta.resolve("@middy/core");
  const streamed = import.meta.resolve("@middy/core/StreamifyResponse");
  const text = `import middy from ${JSON.stringify(middy)};
    import { executionModeStreamifyResponse } from ${JSON.stringify(streamed)};
    export const handler = middy({ executionMode: executionModeStreamifyResponse })
      .handler(async (event) => ({ statusCode: 200, body: "hello " + event.name }))`;
  const { functions } = await load(context, text, { streamed: true });
  let written = "";
  const stream = new Writable({
    write(chunk, _, done) {
      written += chunk;
      done();
    },
  });
  assert.equal(functions.isStreaming("one"), true);
  await functions.stream("one", { name: "you" }, stream);
  assert.equal(written, "hello you");
});

const refusals: readonly [string, string, Partial<FunctionDefinition>, RegExp][] = [
  [
    "a file that is not there",
    "",
    { handler: "other.handler" },
    /function one: there is no file for its handler other\.handler/,
  ],
  [
    "an export that is not there",
    "export const other = 1",
    {},
    /function one: .*one\.mjs exports no function handler/,
  ],
  [
    "a handler that cannot be imported",
    "throw new Error('TABLE_NAME is required')",
    {},
    /function one cannot be loaded: TABLE_NAME is required/,
  ],
  [
    "a plain handler where the template streams",
    "export const handler = () => {}",
    { streamed: true },
    /says transferMode: stream, its handler does not stream/,
  ],
  [
    "a streaming handler where the template does not",
    "export const handler = awslambda.streamifyResponse(() => {})",
    {},
    /does not say transferMode: stream, its handler streams/,
  ],
];

for (const [name, text, more, message] of refusals) {
  test(`functions: refuses ${name} at the start`, async (context) => {
    await assert.rejects(load(context, text, more), message);
  });
}
