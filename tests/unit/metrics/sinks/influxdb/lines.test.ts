import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodiesOf } from "../../../../../lib/metrics/sinks/influxdb/lines.ts";
import { batchOf, start } from "../../batches.ts";

const plain = { withFields: false, withoutCounters: false, clusterName: "prod" };
const time = `${start}000000`;
const linesOf = (batch: ReturnType<typeof batchOf>, options = plain) =>
  [...bodiesOf(batch, options)].join("\n").split("\n");

const pod = {
  labels: {
    type: "pod",
    pod_name: "web",
    namespace_name: "shop",
    pod_id: "u",
    namespace_id: "n",
    hostname: "h",
    host_id: "i",
    labels: "",
  },
  values: { "memory/usage": 2n ** 60n, "cpu/usage": [5] as const, "network/rx_rate": "0.25", uptime: 7 },
  labeled: [
    { name: "filesystem/usage", labels: { resource_id: "Volume:a b" }, type: "gauge" as const, value: 3n },
    { name: "filesystem/limit", labels: { resource_id: "Volume:a b" }, type: "gauge" as const, value: 4n },
    { name: "filesystem/usage", labels: { resource_id: "/" }, type: "gauge" as const, value: 5n },
  ],
};
const tags = "cluster_name=prod,namespace_name=shop,pod_name=web";

describe("InfluxDB's lines", () => {
  test("have a measurement for each metric, and all but four of the labels as tags", () => {
    assert.deepEqual(linesOf(batchOf({ a: pod })), [
      `memory/usage,${tags},type=pod value=1152921504606846976i ${time}`,
      `cpu/usage,${tags},type=pod value=5i ${time}`,
      `network/rx_rate,${tags},type=pod value=0.25 ${time}`,
      `uptime,${tags},type=pod value=7i ${time}`,
      `filesystem/usage,${tags},resource_id=Volume:a\\ b,type=pod value=3i ${time}`,
      `filesystem/limit,${tags},resource_id=Volume:a\\ b,type=pod value=4i ${time}`,
      `filesystem/usage,${tags},resource_id=/,type=pod value=5i ${time}`,
    ]);
  });

  test("have a measurement for each family and a field for each metric when that is asked for", () => {
    assert.deepEqual(linesOf(batchOf({ a: pod }), { ...plain, withFields: true }), [
      `memory,${tags},type=pod usage=1152921504606846976i ${time}`,
      `cpu,${tags},type=pod usage=5i ${time}`,
      `network,${tags},type=pod rx_rate=0.25 ${time}`,
      `uptime,${tags},type=pod value=7i ${time}`,
      `filesystem,${tags},resource_id=Volume:a\\ b,type=pod usage=3i,limit=4i ${time}`,
      `filesystem,${tags},resource_id=/,type=pod usage=5i ${time}`,
    ]);
  });

  test("leave out counters that have a rate when that is asked for", () => {
    const lines = linesOf(batchOf({ a: { ...pod, labeled: [] } }), { ...plain, withoutCounters: true });
    assert.deepEqual(
      lines.map((line) => line.split(",")[0]),
      ["memory/usage", "network/rx_rate", "uptime"],
    );
  });

  test("escape what the protocol reads as its own, and cannot be broken out of", () => {
    const labels = { "a=b": "c,d", e: "x\ny", f: "z\\", g: "" };
    const values = { "custom/q p": 1, "custom/nan": "NaN" };
    assert.deepEqual(linesOf(batchOf({ a: { labels, values } })), [
      `custom/q\\ p,a\\=b=c\\,d,cluster_name=prod,e=x\\ y,f=z value=1i ${time}`,
    ]);
  });

  test("come in bodies of ten thousand values, and in none when there are no values", () => {
    const sets = Object.fromEntries(
      Array.from({ length: 12_500 }, (_, at) => [
        `${at}`,
        { labels: { n: `${at}` }, values: { uptime: at, "cpu/load": at } },
      ]),
    );
    const sizes = [...bodiesOf(batchOf(sets), plain)].map((body) => body.split("\n").length);
    assert.deepEqual(sizes, [10_000, 10_000, 5_000]);
    assert.deepEqual([...bodiesOf(batchOf({ a: {} }), plain)], []);
  });
});
