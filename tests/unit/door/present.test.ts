import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type Answer, jsonBytes, tagged, text } from "../../../lib/door/answer.ts";
import { present } from "../../../lib/door/present.ts";
import type { Request } from "../../../lib/door/request.ts";

const long = JSON.stringify(Array.from({ length: 500 }, (_, index) => ({ target: index })));
const answer = () =>
  tagged(
    jsonBytes(() => [Buffer.from(long)]),
    "abc",
  );
const asked = (headers: Record<string, string>): Request => ({
  method: "GET",
  path: "sd/pods",
  query: new URLSearchParams(),
  headers,
  peer: "127.0.0.1",
});
const bytesOf = ({ body }: Answer) => buffer(typeof body === "string" ? Readable.from([body]) : body);

describe("an answer with an entity tag", () => {
  for (const header of ['W/"abc"', '"abc"', '"x", W/"abc"', "*"]) {
    test(`is 304 without a body for If-None-Match: ${header}`, () => {
      const { statusCode, headers, body } = present(asked({ "if-none-match": header }), answer());
      assert.equal(statusCode, 304);
      assert.equal(body, "");
      assert.equal(headers.ETag, 'W/"abc"');
    });
  }

  test("is whole for another tag, and without the header", () => {
    assert.equal(present(asked({ "if-none-match": 'W/"abd"' }), answer()).statusCode, 200);
    assert.equal(present(asked({}), answer()).statusCode, 200);
  });

  test("is not made when the reader has it already", () => {
    let made = 0;
    const lazy = tagged(
      jsonBytes(() => {
        made += 1;
        return [];
      }),
      "abc",
    );
    present(asked({ "if-none-match": '"abc"' }), lazy);
    assert.equal(made, 0);
  });
});

describe("an answer's encoding", () => {
  for (const [header, encoding] of [
    ["", undefined],
    ["identity", undefined],
    ["*", undefined],
    ["deflate", undefined],
    ["gzip;q=0", undefined],
    ["gzip", "gzip"],
    ["GZIP, deflate", "gzip"],
    ["gzip, br", "br"],
    ["gzip;q=1, br;q=0.5", "gzip"],
  ] as const) {
    test(`is ${encoding ?? "none"} for Accept-Encoding: ${header}`, async () => {
      const presented = present(asked({ "accept-encoding": header }), answer());
      assert.equal(presented.headers["Content-Encoding"], encoding);
      const bytes = await bytesOf(presented);
      const plain =
        encoding === "gzip" ? gunzipSync(bytes) : encoding === "br" ? brotliDecompressSync(bytes) : bytes;
      assert.equal(plain.toString(), long);
      assert.match(presented.headers.Vary ?? "", /Accept-Encoding/);
    });
  }

  test("is none for what is short anyway", () => {
    const presented = present(asked({ "accept-encoding": "gzip" }), text(200, "ok\n"));
    assert.equal(presented.body, "ok\n");
  });

  test("breaks off when the list does, so that nobody takes a part for the whole", async () => {
    const breaking = jsonBytes(function* () {
      yield Buffer.from("[");
      throw new Error("the pool is away");
    });
    const presented = present(asked({ "accept-encoding": "gzip" }), breaking);
    await assert.rejects(bytesOf(presented), /the pool is away/);
  });
});
