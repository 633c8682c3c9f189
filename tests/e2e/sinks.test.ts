import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as z from "zod";
import { createMemoryBus } from "../../lib/bus/memory.ts";
import { parseConfiguration } from "../../lib/config/parse.ts";
import { parseSettings } from "../../lib/config/rollcall.ts";
import { planCollections } from "../../lib/metrics/plan.ts";
import { createSinks } from "../../lib/metrics/sinks/sinks.ts";
import { createMemoryStore } from "../../lib/metrics/store/memory.ts";
import { batchOf } from "../unit/metrics/batches.ts";
import { eventually } from "./eventually.ts";
import { startProgram } from "./process.ts";
import { runPrometheus } from "./prometheus.ts";

const minute = 60_000;
const end = Math.floor(Date.now() / minute) * minute;

const batch = batchOf(
  {
    cluster: { labels: { type: "cluster" }, values: { "memory/usage": 9_007_199_254_740_993n } },
    "namespace:shop/pod:web": {
      labels: { type: "pod", namespace_name: "shop", pod_name: "web", labels: "app:web" },
      values: { "cpu/usage_rate": 250, "cpu/usage": [7_000_000_000n] },
    },
  },
  end,
);

/** The sink of a URI, made as `collect` makes it. */
const sinkOf = (uri: string) => {
  const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
  const text = JSON.stringify({
    clusters: [{ name: "prod", api_server: "http://127.0.0.1:9" }],
    metrics: { sources: ["kubernetes:"], sinks: [uri], disable_metric_sink: true },
  });
  const settings = parseSettings({ path: "rollcall.yml", text }, configuration);
  const { metrics } = settings;
  const [collection] = planCollections(settings, {}).collections;
  assert.ok(metrics && collection);
  const [sink] = createSinks({ store: createMemoryStore(Date.now), bus: createMemoryBus(), http: {} })(
    metrics,
    collection,
  );
  return sink ?? assert.fail("no sink");
};

describe("the sink of Prometheus", () => {
  test("has a batch in a Prometheus that receives remote write and scrapes nothing", async () => {
    const { url, stop } = await runPrometheus({}, {}, ["--web.enable-remote-write-receiver"]);
    after(stop);
    await sinkOf(`prometheus:${url}`).export(batch, AbortSignal.timeout(20_000));
    const ask = async (query: string) => {
      const question = new URLSearchParams({ query, time: String(end / 1000) });
      return answer.parse(await (await fetch(`${url}/api/v1/query?${question}`)).json()).data.result;
    };
    await eventually("the batch can be asked for", 20, async () => {
      const at = end / 1000;
      const pod = {
        cluster: "prod",
        type: "pod",
        namespace_name: "shop",
        pod_name: "web",
        labels: "app:web",
      };
      assert.deepEqual(await ask("heapster_cpu_usage_rate"), [
        { metric: { __name__: "heapster_cpu_usage_rate", ...pod }, value: [at, "250"] },
      ]);
      assert.deepEqual(await ask('{cluster="prod", type="cluster"}'), [
        {
          metric: { __name__: "heapster_memory_usage", cluster: "prod", type: "cluster" },
          value: [at, "9007199254740992"],
        },
      ]);
    });
    // A sample that is older than what is there by hours is refused, and the sink says so.
    const old = { ...batch, timestamp: end - 24 * 60 * minute };
    await assert.rejects(
      sinkOf(`prometheus:${url}`).export(old, AbortSignal.timeout(20_000)),
      /status 400: /,
    );
  });
});

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

/** kcat is librdkafka: its test broker, and its own consumer which reads the topic there. */
describe("the sink of Kafka", () => {
  for (const compression of ["none", "gzip", "snappy", "lz4"]) {
    test(`has a message for each value read by librdkafka, compressed by ${compression}`, async () => {
      const topic = "heapster-metrics";
      const mock = ["-X", "test.mock.num.brokers=1", "-b", "127.0.0.1:9"];
      const broker = startProgram("kcat", [
        "-C",
        "-t",
        topic,
        ...mock,
        "-o",
        "beginning",
        "-u",
        "-f",
        "<%k|%s>\\n",
      ]);
      after(broker.stop);
      const address = await eventually("the broker listens", 20, async () => {
        const [, found] = /replaced with (127\.0\.0\.1:\d+)/.exec(broker.output()) ?? [];
        return found ?? assert.fail(broker.output());
      });
      const sink = sinkOf(`kafka:?brokers=${address}&compression=${compression}`);
      await sink.export(batch, AbortSignal.timeout(20_000));
      await eventually("the messages are read", 20, async () => {
        const read = [...broker.output().matchAll(/^<\|(.*)>$/gm)].map(([, text]) => text ?? "");
        const at = `"MetricsTimestamp":"${new Date(end).toISOString().replace(".000", "")}"`;
        const pod =
          '"MetricsTags":{"type":"pod","namespace_name":"shop","pod_name":"web","labels":"app:web"}';
        assert.deepEqual(read.sort(), [
          `{"MetricsName":"cpu/usage","MetricsValue":{"value":7000000000},${at},${pod}}`,
          `{"MetricsName":"cpu/usage_rate","MetricsValue":{"value":250},${at},${pod}}`,
          `{"MetricsName":"memory/usage","MetricsValue":{"value":9007199254740993},${at},"MetricsTags":{"type":"cluster"}}`,
        ]);
      });
    });
  }
});
