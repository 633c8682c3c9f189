import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../../lib/clock.ts";
import { loadFunctions } from "../../../../local/functions.ts";
import { listen } from "../../../../local/gateway/gateway.ts";
import { eventually, temporaryFolder } from "../temporary.ts";

const buffered = `
export const handler = async (event) => {
  const path = event.pathParameters?.path;
  if (path === "echo") return { statusCode: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify(event) };
  if (path === "throw") throw new Error("broken");
  if (path === "nonsense") return { status: 200 };
  if (path === "many") return { statusCode: 201, multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] }, body: "ok" };
  if (path === "binary") return { statusCode: 200, body: Buffer.from([0, 255]).toString("base64"), isBase64Encoded: true };
  if (path === "huge") return { statusCode: 200, body: "x".repeat(6 * 1024 * 1024 + 1) };
  if (path === "empty") return { statusCode: 204 };
};`;

const streaming = `
const { streamifyResponse, HttpResponseStream } = awslambda;
export const handler = streamifyResponse(async (event, stream) => {
  const path = event.pathParameters.path;
  if (path === "throw-first") throw new Error("broken");
  if (path === "no-head") { stream.write("x"); stream.end(); return; }
  if (path === "returns") return;
  const body = HttpResponseStream.from(stream, { statusCode: 200, headers: { "Content-Type": "text/plain", ETag: '"1"' } });
  if (path === "throw-later") { body.write("begun"); await new Promise((r) => setTimeout(r, 20)); throw new Error("broken"); }
  if (path === "endless") {
    globalThis.written = 0;
    let go = () => {};
    body.on("close", () => { globalThis.closed = true; go(); });
    body.on("drain", () => go());
    while (!body.destroyed) {
      globalThis.written += 65536;
      if (!body.write(Buffer.alloc(65536))) await new Promise((r) => { go = r; });
    }
    throw body.errored;
  }
  body.write("hello ");
  body.end(path);
  await new Promise((r) => body.once("finish", r));
});`;

const definition = (name: string, streamed: boolean) => ({
  name,
  fullName: name,
  arn: name,
  handler: `${name}.handler`,
  timeout: 5000,
  memory: 128,
  environment: {},
  maximumAttempts: 0,
  maximumAge: 0,
  streamed,
});

const start = async (context: TestContext) => {
  const root = temporaryFolder(context);
  writeFileSync(join(root, "buffered.mjs"), buffered);
  writeFileSync(join(root, "streaming.mjs"), streaming);
  const lines: string[] = [];
  const definitions = [definition("buffered", false), definition("streaming", true)];
  const functions = await loadFunctions({
    definitions,
    root,
    clock: systemClock,
    log: (line) => lines.push(line),
    giveUp: () => {},
  });
  const gateway = await listen({ host: "127.0.0.1", port: 0 });
  context.after(() => gateway.close(0));
  const routes = [
    { function: "buffered", method: "GET", path: "{path+}", streamed: false },
    { function: "buffered", method: "POST", path: "{path+}", streamed: false },
    { function: "streaming", method: "GET", path: "stream/{path+}", streamed: true },
  ];
  gateway.open({ routes, functions, clock: systemClock });
  return { url: gateway.url, lines };
};

const ask = (
  url: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
) =>
  new Promise<{ response: IncomingMessage; body: Buffer }>((resolve, reject) => {
    const sent = request(
      url,
      { method: options.method ?? "GET", headers: options.headers ?? {}, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve({ response, body: Buffer.concat(chunks) }));
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });

test("gateway: a request arrives as a REST API's proxy event", async (context) => {
  const { url } = await start(context);
  const headers = { "X-Twice": ["1", "2"], "Content-Type": "text/plain" };
  const { body } = await ask(`${url}/echo?a=1&a=2&b=x%20y%2B+z&match%5B%5D=%7Bc%7D`, {
    method: "POST",
    headers,
    body: "grüße",
  });
  const event = JSON.parse(body.toString());
  assert.equal(event.httpMethod, "POST");
  assert.equal(event.resource, "/{path+}");
  assert.equal(event.path, "/echo");
  assert.deepEqual(event.pathParameters, { path: "echo" });
  assert.deepEqual(event.queryStringParameters, { a: "2", b: "x y+ z", "match[]": "{c}" });
  assert.deepEqual(event.multiValueQueryStringParameters, {
    a: ["1", "2"],
    b: ["x y+ z"],
    "match[]": ["{c}"],
  });
  assert.equal(event.headers["X-Twice"], "2");
  assert.deepEqual(event.multiValueHeaders["X-Twice"], ["1", "2"]);
  assert.equal(event.requestContext.identity.sourceIp, "127.0.0.1");
  assert.equal(event.body, "grüße");
  assert.equal(event.isBase64Encoded, false);
});

test("gateway: where there is nothing, the event says null", async (context) => {
  const { url } = await start(context);
  const event = JSON.parse((await ask(`${url}/echo`)).body.toString());
  assert.equal(event.queryStringParameters, null);
  assert.equal(event.multiValueQueryStringParameters, null);
  assert.equal(event.body, null);
});

test("gateway: path and path parameters stay percent-encoded, as with a REST API", async (context) => {
  const { url } = await start(context);
  const { body } = await ask(`${url}/stream/shop%2Fweb%20pods/a`);
  assert.equal(body.toString(), "hello shop%2Fweb%20pods/a");
});

test("gateway: a buffered answer keeps status, repeated headers and bytes", async (context) => {
  const { url } = await start(context);
  const many = await ask(`${url}/many`);
  assert.equal(many.response.statusCode, 201);
  assert.deepEqual(many.response.headers["set-cookie"], ["a=1", "b=2"]);
  assert.deepEqual([...(await ask(`${url}/binary`)).body], [0, 255]);
  assert.equal((await ask(`${url}/empty`)).response.statusCode, 204);
});

for (const path of ["throw", "nonsense", "huge", "stream/throw-first", "stream/no-head", "stream/returns"]) {
  test(`gateway: ${path} is 502 in the shape of our errors`, async (context) => {
    const { url } = await start(context);
    const { response, body } = await ask(`${url}/${path}`);
    assert.equal(response.statusCode, 502);
    assert.equal(JSON.parse(body.toString()).errorType, "unavailable");
    assert.equal(response.headers["cache-control"], "no-store");
  });
}

test("gateway: an unknown route is 404 in the shape of our errors", async (context) => {
  const { url } = await start(context);
  const { response, body } = await ask(`${url}/echo`, { method: "DELETE" });
  assert.equal(response.statusCode, 404);
  const { status, errorType } = JSON.parse(body.toString());
  assert.deepEqual({ status, errorType }, { status: "error", errorType: "not_found" });
});

test("gateway: a streamed answer has its head and all of its bytes", async (context) => {
  const { url } = await start(context);
  const { response, body } = await ask(`${url}/stream/you`);
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers.etag, '"1"');
  assert.equal(body.toString(), "hello you");
});

test("gateway: HEAD is answered like GET, without the body", async (context) => {
  const { url } = await start(context);
  for (const path of ["stream/you", "echo"]) {
    const { response, body } = await ask(`${url}/${path}`, { method: "HEAD" });
    assert.equal(response.statusCode, 200);
    assert.ok(response.headers["content-type"]);
    assert.equal(body.length, 0);
  }
});

test("gateway: an answer that breaks off is cut, never ended as if it were whole", async (context) => {
  const { url, lines } = await start(context);
  await assert.rejects(ask(`${url}/stream/throw-later`), { code: "ECONNRESET" });
  assert.deepEqual(lines, ["streaming failed: broken"]);
});

test("gateway: a function writes no faster than its client reads, and learns that the client left", async (context) => {
  Object.assign(globalThis, { closed: false, written: 0 });
  const { url, lines } = await start(context);
  const sent = request(`${url}/stream/endless`, { agent: false });
  sent.end();
  const response = await new Promise<IncomingMessage>((resolve) => sent.once("response", resolve));
  response.pause();
  const told = {
    written: (): number => Reflect.get(globalThis, "written"),
    closed: (): boolean => Reflect.get(globalThis, "closed"),
  };
  const stalled = await eventually(async () => {
    const before = told.written();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return before > 0 && told.written() === before ? before : undefined;
  });
  assert.ok(stalled < 64 * 1024 * 1024);
  response.on("error", () => {});
  sent.destroy();
  await eventually(() => (told.closed() ? true : undefined));
  assert.deepEqual(lines, []);
});

test("gateway: a body over ten megabytes is refused with 413", async (context) => {
  const { url } = await start(context);
  const { response } = await ask(`${url}/echo`, { method: "POST", body: "x".repeat(10 * 1024 * 1024 + 1) });
  assert.equal(response.statusCode, 413);
});

test("gateway: before it is opened it answers 503, and an address that is taken is told", async (context) => {
  const gateway = await listen({ host: "127.0.0.1", port: 0 });
  context.after(() => gateway.close(0));
  assert.equal((await ask(gateway.url)).response.statusCode, 503);
  const port = Number(new URL(gateway.url).port);
  await assert.rejects(listen({ host: "127.0.0.1", port }), { code: "EADDRINUSE" });
});
