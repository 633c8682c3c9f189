import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { createPrometheus, type PrometheusOptions } from "../../../../lib/adapter/prometheus/client.ts";
import { PrometheusFailure } from "../../../../lib/adapter/prometheus/prometheus.ts";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import { withoutSecrets } from "../../../../lib/config/secret.ts";
import { createTransport } from "../../../../lib/http/client.ts";
import { serve } from "../../http/support/server.ts";

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

const bodyOf = async (request: IncomingMessage) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
};

const asking = async (
  t: TestContext,
  respond: Respond,
  more: Partial<PrometheusOptions> & { verb?: "GET" | "POST"; prefix?: string } = {},
) => {
  const { url } = await serve(t, respond);
  const transport = createTransport({ ...defaultHttpClient, followRedirects: false });
  t.after(() => transport.close());
  const { verb = "GET", prefix = "", ...options } = more;
  return createPrometheus({ url: new URL(prefix, url).href, verb }, { transport, ...options });
};

const says =
  (text: string | object, status = 200): Respond =>
  (_request, response) => {
    response.statusCode = status;
    response.end(typeof text === "string" ? text : JSON.stringify(text));
  };

const success = (data: unknown, more: object = {}) => says({ status: "success", data, ...more });
const vector = (...result: unknown[]) => success({ resultType: "vector", result });

describe("a Prometheus", () => {
  test("is asked for series since a time, and the prefix of its path stays", async (t) => {
    let asked = "";
    const prometheus = await asking(
      t,
      (request, response) => {
        asked = `${request.method} ${request.url}`;
        success([{ __name__: "up", job: "a" }, { job: "b" }])(request, response);
      },
      { prefix: "/prefix/" },
    );
    assert.deepEqual(await prometheus.series('up{a="b"}', 1700000000.5), [
      { name: "up", labels: { job: "a" } },
      { name: "", labels: { job: "b" } },
    ]);
    assert.equal(asked, "GET /prefix/api/v1/series?match%5B%5D=up%7Ba%3D%22b%22%7D&start=1700000000.5");
  });

  test("may be asked by POST, with a form", async (t) => {
    let asked = "";
    const respond: Respond = async (request, response) => {
      asked = `${request.method} ${request.url} ${request.headers["content-type"]} ${await bodyOf(request)}`;
      vector()(request, response);
    };
    const prometheus = await asking(t, respond, { verb: "POST" });
    await prometheus.query("up", 12.5);
    assert.equal(asked, "POST /api/v1/query application/x-www-form-urlencoded query=up&time=12.5");
  });

  test("answers with samples, numbers or not", async (t) => {
    const result = ["1.5", "NaN", "+Inf", "-Inf", "1e3", "-0.0004"].map((value) => ({
      metric: { a: value },
      value: [1700000000.123, value],
    }));
    const prometheus = await asking(t, vector(...result, { metric: { a: "histogram" }, histogram: [1, {}] }));
    const answer = await prometheus.query("x", 1);
    assert.deepEqual(answer.type === "vector" && answer.samples.map(({ value }) => value), [
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1000,
      -0.0004,
    ]);
    assert.deepEqual(answer.type === "vector" && answer.samples[0], {
      labels: { a: "1.5" },
      at: 1700000000.123,
      value: 1.5,
    });
  });

  test("answers with a scalar or a matrix", async (t) => {
    const scalar = await asking(t, success({ resultType: "scalar", result: [5, "3"] }));
    assert.deepEqual(await scalar.query("3", 5), { type: "scalar", at: 5, value: 3 });
    const matrix = await asking(
      t,
      success({
        resultType: "matrix",
        result: [
          {
            metric: {},
            values: [
              [1, "2"],
              [3, "4"],
            ],
          },
        ],
      }),
    );
    assert.equal((await matrix.query("x[1m]", 5)).type, "matrix");
  });

  test("may remark on its answer", async (t) => {
    const told: string[] = [];
    const respond = success({ resultType: "vector", result: [] }, { warnings: ["a limit", "another"] });
    const prometheus = await asking(t, respond, { warn: (_place, warnings) => told.push(...warnings) });
    await prometheus.query("x", 1);
    assert.deepEqual(told, ["a limit", "another"]);
  });

  test("may say null for what it has nothing to say of", async (t) => {
    const respond = success(
      { resultType: "vector", result: null },
      { warnings: null, error: null, errorType: null },
    );
    assert.deepEqual(await (await asking(t, respond)).query("x", 1), { type: "vector", samples: [] });
    const matrix = success({ resultType: "matrix", result: null });
    assert.deepEqual(await (await asking(t, matrix)).query("x", 1), { type: "matrix", samples: [] });
  });

  test("has queries that hide nothing in other messages", async (t) => {
    const prometheus = await asking(t, vector());
    await prometheus.query("my_very_own_query", 1);
    assert.equal(withoutSecrets("query=my_very_own_query&time=1"), "query=my_very_own_query&time=1");
  });

  const failures: [string, Respond, RegExp, Partial<PrometheusOptions>?][] = [
    [
      "says success under an error's status, and so has looked at nothing",
      says({ status: "success", data: { resultType: "vector", result: [] } }, 503),
      /the answer's status is 503, but it says success$/,
    ],
    [
      "says success of a part of its answer",
      says({ status: "success", data: { resultType: "vector", result: [] } }, 206),
      /the answer's status is 206, but it says success$/,
    ],
    [
      "has a label whose name is no line, and its value no text",
      vector({ metric: { [`a\r\nb${"c".repeat(5_000)}`]: 1 }, value: [1, "1"] }),
      /^.{1,600}: the answer is none of Prometheus's: 0\.metric\.a bc{200,300}: .{1,200}$/,
    ],
    [
      "says what is wrong with a query",
      says({ status: "error", errorType: "bad_data", error: "1:1: parse\n error" }, 400),
      /api\/v1\/query: bad_data: 1:1: parse error$/,
    ],
    [
      "gave up on a query",
      says({ status: "error", errorType: "timeout", error: "too long" }, 503),
      /timeout: too long$/,
    ],
    [
      "could not execute a query",
      says({ status: "error", errorType: "execution", error: "x" }, 422),
      /execution: x$/,
    ],
    [
      "answers with an error at once",
      says({ status: "error", errorType: "internal", error: "y" }),
      /internal: y$/,
    ],
    ["fails otherwise", says("oh", 500), /api\/v1\/query: 500 Internal Server Error$/],
    ["asks who we are", says("", 401), /401 Unauthorized$/],
    ["is behind a page", says("<html>", 503), /the answer is no JSON$/],
    ["sends half of it", says('{"status":"suc'), /the answer is no JSON$/],
    ["sends something else", says({ a: 1 }), /none of Prometheus's: status/],
    ["sends strings", success({ resultType: "string", result: [1, "x"] }), /unexpected value type "string"/],
    ["sends no numbers", vector({ metric: {}, value: [1, "0x10"] }), /value "0x10" is no number/],
    [
      "sends labels that are none",
      vector({ metric: { a: 1 }, value: [1, "1"] }),
      /none of Prometheus's: 0\.metric\.a/,
    ],
    [
      "sends more than is taken",
      vector({ metric: { a: "x".repeat(2000) }, value: [1, "1"] }),
      /larger than 1000 bytes/,
      { mostBytes: 1000 },
    ],
    [
      "does not answer",
      () => undefined,
      /api\/v1\/query: .*(no answer within|aborted|timeout)/,
      { timeoutMilliseconds: 50 },
    ],
    ["dies on the way", (request) => void request.socket.destroy(), /api\/v1\/query: /],
    [
      "sends us elsewhere",
      (_request, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      /302 Found$/,
    ],
  ];
  for (const [what, respond, reason, options] of failures) {
    test(`that ${what} is a failure of one line`, async (t) => {
      const prometheus = await asking(t, respond, options);
      await assert.rejects(prometheus.query("x", 1), (error) => {
        assert.ok(error instanceof PrometheusFailure);
        assert.match(error.message, reason);
        return !error.message.includes("\n");
      });
    });
  }

  test("that answers with null for series fails, so that what was known stays", async (t) => {
    const prometheus = await asking(t, success(null));
    await assert.rejects(prometheus.series("x", 1), /api\/v1\/series: the answer is none of Prometheus's/);
  });

  test("is let go when nobody waits for its answer any longer", { timeout: 10_000 }, async (t) => {
    const controller = new AbortController();
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const prometheus = await asking(t, (request) => {
      request.socket.once("close", () => resolve());
      controller.abort();
    });
    await assert.rejects(prometheus.query("x", 1, controller.signal), PrometheusFailure);
    await closed;
  });

  test("that is not there is a failure that names the place", async () => {
    const transport = createTransport(defaultHttpClient);
    const prometheus = createPrometheus({ url: "http://127.0.0.1:9", verb: "GET" }, { transport });
    await assert.rejects(
      prometheus.query("x", 1),
      /^PrometheusFailure: http:\/\/127\.0\.0\.1:9\/api\/v1\/query: .*ECONNREFUSED/,
    );
  });
});
