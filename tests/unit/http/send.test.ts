import assert from "node:assert/strict";
import http from "node:http";
import { Duplex } from "node:stream";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import zlib from "node:zlib";
import { TransientError } from "../../../lib/errors.ts";
import { send } from "../../../lib/http/send.ts";
import { readAll } from "../../../lib/http/transport.ts";
import { serve } from "./support/server.ts";

const sendTo = (test: TestContext, url: URL, options: { silence?: number; signal?: AbortSignal } = {}) => {
  const agent = new http.Agent({ keepAlive: true });
  test.after(() => agent.destroy());
  const { silence = 10_000, signal = AbortSignal.timeout(10_000) } = options;
  return send(url, { agent, signal, timeoutMilliseconds: silence });
};

describe("a request", () => {
  test("brings status, headers and the body", async (t) => {
    const { url } = await serve(t, (request, response) => {
      response.writeHead(203, "Heard Elsewhere", { "x-seen": request.url });
      response.end("hello");
    });
    const answer = await sendTo(t, new URL("/path?x=1#fragment", url));
    assert.equal(answer.status, 203);
    assert.equal(answer.statusText, "Heard Elsewhere");
    assert.equal(answer.headers["x-seen"], "/path?x=1");
    assert.equal((await readAll(answer, 5)).toString(), "hello");
  });

  test("brings no more than the first words of a status that has no end of them", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(503, "a".repeat(5_000)).end();
    });
    assert.equal((await sendTo(t, url)).statusText, "a".repeat(200));
  });

  for (const [encoding, compress] of [
    ["gzip", zlib.gzipSync],
    ["br", zlib.brotliCompressSync],
    ["deflate", zlib.deflateSync],
  ] as const) {
    test(`decompresses a body in ${encoding}`, async (t) => {
      const { url } = await serve(t, (_request, response) => {
        response.writeHead(200, { "content-encoding": encoding });
        response.end(compress("a text of some length"));
      });
      assert.equal((await readAll(await sendTo(t, url), 100)).toString(), "a text of some length");
    });
  }

  test("takes an empty compressed answer for an empty one", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(204, { "content-encoding": "gzip" });
      response.end();
    });
    assert.equal((await readAll(await sendTo(t, url), 100)).length, 0);
  });

  test("refuses an encoding it does not know by name", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(200, { "content-encoding": "zstd" });
      response.end("…");
    });
    await assert.rejects(readAll(await sendTo(t, url), 100), /content encoding "zstd" is not supported/);
  });

  test("counts decompressed bytes, so that a small body cannot grow without bound", async (t) => {
    const bomb = zlib.gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(bomb);
    });
    const answer = await sendTo(t, url);
    await assert.rejects(readAll(answer, 1024 * 1024), /larger than 1048576 bytes/);
    assert.ok(answer.body.destroyed);
  });

  test("accepts a body of exactly the permitted size", async (t) => {
    const { url } = await serve(t, (_request, response) => void response.end("12345"));
    assert.equal((await readAll(await sendTo(t, url), 5)).length, 5);
  });
});

describe("trouble on the way", () => {
  test("is a transient error that names the place without login and query", async (t) => {
    const { url, server } = await serve(t, () => undefined);
    const gone = new URL("/sd?token=hush", url);
    gone.username = "me";
    gone.password = "hush";
    await new Promise((closed) => server.close(closed));
    await assert.rejects(sendTo(t, gone), (error) => {
      assert.ok(error instanceof TransientError);
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:\d+\/sd: .*ECONNREFUSED/);
      assert.doesNotMatch(error.message, /hush|me@|\n/);
      return true;
    });
  });

  test("is told when no answer begins in time", async (t) => {
    const { url } = await serve(t, () => undefined);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const pending = sendTo(t, url, { silence: 100 });
    t.mock.timers.tick(100);
    await assert.rejects(pending, {
      name: "TransientError",
      message: `${url}: no answer within 100 ms`,
    });
  });

  test("is told when a body falls silent", async (t) => {
    const { url } = await serve(t, (_request, response) => void response.write("[1,"));
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const reading = readAll(await sendTo(t, url, { silence: 100 }), 100);
    t.mock.timers.tick(100);
    await assert.rejects(reading, {
      name: "TransientError",
      message: `${url}: the body was silent for 100 ms`,
    });
  });

  test("does not count the time in which the reader does not read", async (t) => {
    const big = Buffer.alloc(4 * 1024 * 1024);
    const { url } = await serve(t, (_request, response) => void response.end(big));
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const agent = new http.Agent();
    t.after(() => agent.destroy());
    const signal = AbortSignal.timeout(60_000);
    const answer = await send(url, { agent, signal, timeoutMilliseconds: 50 });
    // Until as much as fits has arrived and more than the last stage holds: the ones before it wait for the reader.
    const [socket] = Object.values(agent.sockets).flat();
    const { body } = answer;
    assert.ok(body instanceof Duplex);
    const held = () => body.readableLength + body.writableLength;
    do await turn();
    while ((socket?.bytesRead ?? 0) < held() + 64 * 1024);
    t.mock.timers.tick(200);
    await turn();
    assert.equal((await readAll(answer, big.length)).length, big.length);
  });

  test("is told when a body with a length breaks off", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("[1,", () => response.destroy());
    });
    await assert.rejects(readAll(await sendTo(t, url), 100), { name: "TransientError" });
  });

  test("is told when a chunked body breaks off", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.write("[1,", () => response.destroy());
    });
    await assert.rejects(readAll(await sendTo(t, url), 100), { name: "TransientError" });
  });

  test("is told when a compressed body ends too early", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(zlib.gzipSync("a text of some length").subarray(0, 20));
    });
    await assert.rejects(readAll(await sendTo(t, url), 100), { name: "TransientError" });
  });

  test("does not end the process when nobody reads the body", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.write("x", () => response.destroy());
    });
    const { body } = await sendTo(t, url);
    await new Promise((closed) => body.once("close", closed));
    assert.ok(body.destroyed);
  });

  test("is told with its reason when the caller gives up, before and during the body", async (t) => {
    const { url } = await serve(t, (request, response) => {
      if (request.url === "/body") response.write("[1,");
    });
    const early = new AbortController();
    const pending = sendTo(t, url, { signal: early.signal });
    early.abort(new Error("called off"));
    await assert.rejects(pending, { name: "TransientError", message: `${url}: called off` });

    const late = new AbortController();
    const answer = await sendTo(t, new URL("/body", url), { signal: late.signal });
    const reading = readAll(answer, 100);
    late.abort(new Error("called off"));
    await assert.rejects(reading, { name: "TransientError", message: `${url}body: called off` });
  });

  test("is not made of a kept connection that the server closed: the request is sent anew", async (t) => {
    let connections = 0;
    const { url, server } = await serve(t, (request, response) => {
      // The second request of a connection is met by a closed door.
      if (seen.has(request.socket)) request.socket.destroy();
      else response.end("ok");
      seen.add(request.socket);
    });
    const seen = new Set<object>();
    server.on("connection", () => {
      connections += 1;
    });
    const agent = new http.Agent({ keepAlive: true });
    t.after(() => agent.destroy());
    const options = { agent, signal: AbortSignal.timeout(10_000), timeoutMilliseconds: 10_000 };
    for (let i = 0; i < 2; i++) {
      assert.equal((await readAll(await send(url, options), 10)).toString(), "ok");
    }
    assert.equal(connections, 2);
  });
});
