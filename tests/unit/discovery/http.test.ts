import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { describe, type TestContext, test } from "node:test";
import zlib from "node:zlib";
import { createHttpDiscoverer } from "../../../lib/discovery/http.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { plainClient } from "../http/support/config.ts";
import { serve } from "../http/support/server.ts";

const provider = (url: URL | string, refreshInterval = 60_000, clusterName?: string): Provider => ({
  id: "http/0123456789ab",
  config: { mechanism: "http", url: String(url), refreshInterval, httpClient: plainClient },
  cluster: "http/0123456789ab",
  jobs: ["job"],
  every: refreshInterval,
  follow: "schedule",
  ...(clusterName === undefined ? {} : { clusterName }),
});

interface Reply {
  readonly status?: number;
  readonly statusText?: string;
  readonly type?: string;
  readonly body?: string;
}

const server = async (t: TestContext, reply: Reply) => {
  const seen: IncomingHttpHeaders[] = [];
  const { status = 200, statusText, type = "application/json", body = "[]" } = reply;
  const { url } = await serve(t, (request, response) => {
    seen.push(request.headers);
    response.statusCode = status;
    if (statusText !== undefined) response.statusMessage = statusText;
    if (type !== "") response.setHeader("content-type", type);
    response.end(body);
  });
  return { seen, url: new URL("/sd", url) };
};

const lookAt = async (one: Provider, maxBytes?: number) => {
  const discover = createHttpDiscoverer(maxBytes === undefined ? {} : { maxBytes });
  const [outcome] = await discover([one], AbortSignal.timeout(10_000));
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no outcome");
  return outcome.look;
};

describe("http_sd", () => {
  test("gives each list item, labelled with the URL as configured", async (t) => {
    const body = '[{"targets":["a:1"],"labels":{"x":"y","__meta_url":"mine"}},{"targets":[]}]';
    const { url } = await server(t, { body });
    const configured = `${url}?team=a`;
    const look = await lookAt(provider(configured));
    assert.deepEqual(look.groups, [
      {
        source: `${url}:0`,
        targets: [{ __address__: "a:1" }],
        labels: { x: "y", __meta_url: configured },
      },
      { source: `${url}:1`, targets: [], labels: { __meta_url: configured } },
    ]);
    assert.deepEqual(look.problems, []);
    assert.equal(look.keeps(`${url}:2`), false);
  });

  test("tells nobody the login that the URL carries (promise 7)", async (t) => {
    const { url } = await server(t, { body: '[{"targets":["a:1"]}]' });
    const look = await lookAt(provider(String(url).replace("http://", "http://me:made-up@")));
    assert.doesNotMatch(JSON.stringify(look), /made-up/);
    assert.equal(look.groups[0]?.labels.__meta_url, String(url));
  });

  for (const [interval, seconds] of [
    [60_000, "60"],
    [500, "0.5"],
    [90_000, "90"],
  ] as const) {
    test(`says who asks, what for, and for how long the answer has to do: ${seconds}`, async (t) => {
      const { url, seen } = await server(t, {});
      // The half second is also the time limit: one that a busy machine may miss is not what is tested here.
      await lookAt(provider(url, interval)).catch((error) => assert.match(String(error), /timeout|within/));
      assert.match(seen[0]?.["user-agent"] ?? "", /^Prometheus\/\d+\.\d+\.\d+ /);
      assert.equal(seen[0]?.accept, "application/json");
      assert.equal(seen[0]?.["x-prometheus-refresh-interval-seconds"], seconds);
    });
  }

  const types: [string, boolean][] = [
    ["application/json", true],
    ["Application/JSON", true],
    ["application/json; charset=utf-8", true],
    ['application/json;charset="UTF-8"', true],
    ["application/json;   charset=utf-8", true],
    ["application/json;", false],
    ["application/json; charset=latin-1", false],
    ["application/json ; charset=utf-8", false],
    ["application/json; charset=utf-8; x=y", false],
    ["text/plain", false],
    ["application/jsonl", false],
    ["", false],
  ];
  for (const [type, fits] of types) {
    test(`${fits ? "accepts" : "refuses"} content type "${type}"`, async (t) => {
      const { url } = await server(t, { type });
      const look = lookAt(provider(url));
      if (fits) assert.deepEqual((await look).groups, []);
      else
        await assert.rejects(look, { message: `${url}: unsupported content type ${JSON.stringify(type)}` });
    });
  }

  const faults: [string, Reply, string][] = [
    ["status 500", { status: 500 }, "server returned HTTP status 500 Internal Server Error"],
    ["status 204", { status: 204 }, "server returned HTTP status 204 No Content"],
    ["its own words for a status", { status: 503, statusText: "Nap" }, "server returned HTTP status 503 Nap"],
    ["status before type", { status: 404, type: "text/html" }, "server returned HTTP status 404 Not Found"],
    ["type before body", { type: "text/html", body: "{" }, 'unsupported content type "text/html"'],
    ["a null group", { body: "[null]" }, "nil target group item found"],
    ["an unknown key", { body: '[{"x":1}]' }, 'json: unknown field "x"'],
    ["an object", { body: "{}" }, "expected a list of target groups, found a value of type object"],
  ];
  for (const [name, reply, message] of faults) {
    test(`tells ${name}`, async (t) => {
      const { url } = await server(t, reply);
      await assert.rejects(lookAt(provider(url)), { message: `${url}: ${message}` });
    });
  }

  test("takes null for no groups", async (t) => {
    const { url } = await server(t, { body: "null" });
    assert.deepEqual((await lookAt(provider(url))).groups, []);
  });

  test("names the place without login and query", async (t) => {
    const { url } = await server(t, { status: 500 });
    const configured = `${url}?token=hush`.replace("://", "://me:hush@");
    await assert.rejects(lookAt(provider(configured)), {
      message: `${url}: server returned HTTP status 500 Internal Server Error`,
    });
  });

  test("refuses a body that is too large once decompressed", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(zlib.gzipSync("[]".padEnd(1_000_000)));
    });
    await assert.rejects(lookAt(provider(url), 1000), {
      message: `${url}: the answer's body is larger than 1000 bytes`,
    });
  });

  test("gives up after one refresh interval, even when something keeps dripping", async (t) => {
    const { url } = await serve(t, (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const drip = setInterval(() => response.write(" "), 20);
      response.once("close", () => clearInterval(drip));
    });
    await assert.rejects(lookAt(provider(url, 200)), { name: "TransientError", message: /timeout/ });
  });

  test("waits for an answer also when the interval is more than a timer can count", async (t) => {
    const { url } = await server(t, {});
    assert.deepEqual((await lookAt(provider(url, 60 * 24 * 3600_000))).groups, []);
  });

  test("gives one outcome per provider, whatever the others meet", async (t) => {
    const good = await server(t, {});
    const bad = await server(t, { status: 500 });
    const outcomes = await createHttpDiscoverer()(
      [provider(bad.url), provider(good.url)],
      AbortSignal.timeout(10_000),
    );
    assert.deepEqual(
      outcomes.map((outcome) => "look" in outcome),
      [false, true],
    );
  });

  test("carries the cluster's name when the settings give one", async (t) => {
    const { url } = await server(t, { body: "[{}]" });
    const { groups } = await lookAt(provider(url, 60_000, "edge"));
    assert.equal(groups[0]?.labels.__meta_rollcall_cluster, "edge");
  });
});
