import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { afterEach, describe, test } from "node:test";
import type { InfluxSettings } from "../../../../../lib/config/metrics/settings.ts";
import { Secret } from "../../../../../lib/config/secret.ts";
import { createInfluxSink } from "../../../../../lib/metrics/sinks/influxdb/sink.ts";
import { type AskedOfKubelet, startKubelet } from "../../../../fakes/kubelet.ts";
import { batchOf } from "../../batches.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const batch = batchOf({ a: { labels: { type: "node" }, values: { uptime: 1 } } });
const signal = () => AbortSignal.timeout(20_000);

/** What an InfluxDB answers, and a sink that asks it. */
const world = async (
  answer: (request: AskedOfKubelet, response: ServerResponse) => unknown,
  more: Partial<InfluxSettings> = {},
) => {
  const server = await startKubelet({ answer });
  open.push(server);
  const settings: InfluxSettings = {
    kind: "influxdb",
    server: `http://127.0.0.1:${server.port}`,
    user: "me",
    password: new Secret("made-up-at-run-time"),
    database: 'k"8s',
    retention: "30d",
    withFields: false,
    insecureTls: false,
    withoutCounters: false,
    concurrency: 2,
    ...more,
  };
  const sink = createInfluxSink(settings, { name: "influxdb", clusterName: "prod", http: {} });
  const statements = () =>
    server.requests.flatMap(({ path, body }) =>
      path === "/query" ? [new URLSearchParams(body).get("q")] : [],
    );
  const writes = () => server.requests.filter(({ path }) => path.startsWith("/write"));
  return { sink, server, statements, writes };
};
const fine = ({ path }: AskedOfKubelet, response: ServerResponse) => {
  if (path === "/query") return { results: [{ statement_id: 0 }] };
  response.writeHead(204).end();
  return undefined;
};

describe("the InfluxDB sink", () => {
  test("makes its database once, and writes with its login", async () => {
    const { sink, server, statements, writes } = await world(fine);
    await sink.export(batch, signal());
    await sink.export(batch, signal());
    assert.deepEqual(statements(), [
      'CREATE DATABASE "k\\"8s" WITH DURATION 30d REPLICATION 1 NAME "default"',
    ]);
    assert.deepEqual(
      writes().map(({ method, path, body }) => [method, path, body]),
      Array(2).fill([
        "POST",
        "/write?consistency=&db=k%228s&precision=ns&rp=default",
        `uptime,cluster_name=prod,type=node value=1i ${batch.timestamp}000000`,
      ]),
    );
    const login = `Basic ${Buffer.from("me:made-up-at-run-time").toString("base64")}`;
    assert.ok(server.requests.every(({ authorization }) => authorization === login));
  });

  test("leaves a database with the retention it has", async () => {
    const { sink, statements, writes } = await world((request, response) => {
      const statement = new URLSearchParams(request.body).get("q") ?? "";
      const error = statement.startsWith("CREATE DATABASE")
        ? "retention policy conflicts with an existing policy"
        : "retention policy already exists";
      return request.path === "/query" ? { results: [{ error }] } : fine(request, response);
    });
    await sink.export(batch, signal());
    assert.equal(statements().length, 2);
    assert.match(
      statements()[1] ?? "",
      /^CREATE RETENTION POLICY "default" ON .* DURATION 30d REPLICATION 1 DEFAULT$/,
    );
    assert.equal(writes().length, 1);
  });

  test("keeps points for ever unless told, and goes by the cluster's name of the settings", async () => {
    const { sink, statements, writes } = await world(fine, { retention: "0", clusterName: "mine" });
    await sink.export(batch, signal());
    assert.match(statements()[0] ?? "", /DURATION INF/);
    assert.match(writes()[0]?.body ?? "", /cluster_name=mine/);
  });

  test("says what the server said, shows no password, and makes the database anew at the next batch", async () => {
    let gone = false;
    const { sink, statements } = await world((request, response) => {
      if (!gone || request.path === "/query") return fine(request, response);
      response.statusCode = 404;
      return { error: 'database not found: "k8s" for made-up-at-run-time' };
    });
    await sink.export(batch, signal());
    gone = true;
    await assert.rejects(sink.export(batch, signal()), (error: Error) => {
      assert.match(
        error.message,
        /^POST http:\/\/127\.0\.0\.1:\d+\/write: 404 Not Found: database not found/,
      );
      return true;
    });
    gone = false;
    await sink.export(batch, signal());
    assert.equal(statements().length, 2);
  });

  test("fails in one line that names the place when there is no InfluxDB", async () => {
    const { sink, server } = await world(fine);
    await server.close();
    open.pop();
    await assert.rejects(sink.export(batch, signal()), (error: Error) => {
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:\d+\/query: connect ECONNREFUSED/);
      assert.doesNotMatch(error.message, /\n|made-up-at-run-time/);
      return true;
    });
  });

  test("writes several bodies at the same time, as many as are allowed", async () => {
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const { sink, writes } = await world((request, response) => {
      if (request.path === "/query") return fine(request, response);
      now += 1;
      most = Math.max(most, now);
      waiting.push(() => {
        now -= 1;
        response.writeHead(204).end();
      });
      if (waiting.length === 2 || writes().length === 5) for (const answer of waiting.splice(0)) answer();
      return undefined;
    });
    const sets = Object.fromEntries(
      Array.from({ length: 45_000 }, (_, at) => [
        `${at}`,
        { labels: { n: `${at}` }, values: { uptime: at } },
      ]),
    );
    await sink.export(batchOf(sets), signal());
    assert.equal(writes().length, 5);
    assert.equal(most, 2);
  });
});
