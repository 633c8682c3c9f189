import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as z from "zod";
import { connect } from "../../../cli/server/server.ts";
import { listening } from "../../fakes/listening.ts";
import { fakeServer, folderFor, good, rollcall } from "./run.ts";

const never = new AbortController().signal;

describe("asking a server", () => {
  test("takes it from --server, else from ROLLCALL_SERVER, with a path in front if there is one", async (context) => {
    const { url, asked } = await fakeServer(context, () => good({ targets: [], cursor: null }));
    assert.equal((await rollcall(["targets", "--server", `${url}/stage/`])).code, 0);
    assert.equal((await rollcall(["targets"], { environment: { ROLLCALL_SERVER: url } })).code, 0);
    assert.deepEqual(
      asked.map(({ path }) => path),
      ["stage/api/v1/search", "api/v1/search"],
    );
  });

  test("sends the token of the file, and blots it out of what a server says back", async (context) => {
    const { url, asked } = await fakeServer(context, ({ headers }) => ({
      status: 403,
      body: { status: "error", error: `no: ${headers.authorization}` },
    }));
    const file = join(folderFor(context), "token");
    writeFileSync(file, "correct-horse-battery\n");
    const { code, err } = await rollcall(["targets", "--server", url, "--token-file", file]);
    assert.equal(asked[0]?.headers.authorization, "Bearer correct-horse-battery");
    assert.equal(code, 2);
    assert.match(err, /status 403: no: Bearer <secret>/);
  });

  test("names --token-file when a server asks for a token and none was given", async (context) => {
    const { url } = await fakeServer(context, () => ({
      status: 401,
      body: { error: "a valid token is needed" },
    }));
    assert.match(
      (await rollcall(["targets", "--server", url])).err,
      /a valid token is needed; give --token-file FILE/,
    );
  });

  test("follows no redirect, which could carry the token elsewhere", async (context) => {
    const elsewhere = await fakeServer(context, () => good({}));
    const { url } = await fakeServer(context, () => ({
      status: 302,
      headers: { location: elsewhere.url },
      body: "",
    }));
    const { code, err } = await rollcall(["targets", "--server", url]);
    assert.equal(code, 2);
    assert.match(err, /status 302, a redirect, which is not followed/);
    assert.equal(elsewhere.asked.length, 0);
  });

  test("says where an answer has another shape, and where there is no server", async (context) => {
    const { url } = await fakeServer(context, () => good({ targets: [{ job: 1 }] }));
    const odd = await rollcall(["targets", "--server", url]);
    assert.deepEqual([odd.code, odd.out], [2, ""]);
    assert.match(odd.err, /api\/v1\/search\?.*: an answer of another shape: data\.targets\.0\.job/);
    const away = await rollcall(["targets", "--server", "http://127.0.0.1:2"]);
    assert.match(away.err, /^rollcall: http:\/\/127\.0\.0\.1:2\/api\/v1\/search\?\S*: .*ECONNREFUSED/);
  });

  test("gives up on an answer that does not end in time", async (context) => {
    const slow = createServer((_, response) => void response.writeHead(200).write("{"));
    const port = await listening(slow);
    context.after(() => slow.closeAllConnections() ?? slow.close());
    const url = `http://127.0.0.1:${port}`;
    const server = await connect({ url, tokenFile: undefined, stopped: never, patience: 100 });
    await assert.rejects(server.get("x", {}, z.unknown()), /x: no whole answer within 0.1 seconds/);
  });

  test("refuses cursors that turn in a circle", async (context) => {
    const { url } = await fakeServer(context, () => good({ targets: [], cursor: "same" }));
    assert.match((await rollcall(["targets", "--server", url])).err, /the same cursor came twice/);
  });
});
