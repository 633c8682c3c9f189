import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  additionalMetrics,
  allMetrics,
  familyOf,
  labeledMetrics,
  rateMetrics,
  rateOf,
  standardMetrics,
} from "../../../lib/metrics/catalogue.ts";

const named = (name: string) => allMetrics.find((metric) => metric.name === name);

describe("the catalogue of metrics", () => {
  test("has the standard metrics in the order of the export's schema", () => {
    assert.deepEqual(
      standardMetrics.map(({ name, type, unit }) => `${name} ${type} ${unit}`.trim()),
      [
        "uptime cumulative ms",
        "cpu/usage cumulative ns",
        "cpu/load gauge",
        "ephemeral_storage/usage gauge bytes",
        "memory/usage gauge bytes",
        "memory/rss gauge bytes",
        "memory/cache gauge bytes",
        "memory/working_set gauge bytes",
        "memory/page_faults cumulative",
        "memory/major_page_faults cumulative",
        "network/rx cumulative bytes",
        "network/rx_errors cumulative",
        "network/tx cumulative bytes",
        "network/tx_errors cumulative",
      ],
    );
  });

  test("has the labelled metrics in the order of the export's schema, rates as doubles", () => {
    assert.deepEqual(
      labeledMetrics.map(({ name }) => name),
      [
        "disk/io_read_bytes",
        "disk/io_read_bytes_rate",
        "disk/io_write_bytes",
        "disk/io_write_bytes_rate",
        "filesystem/usage",
        "filesystem/limit",
        "filesystem/available",
        "filesystem/inodes",
        "filesystem/inodes_free",
        "accelerator/memory_total",
        "accelerator/memory_used",
        "accelerator/duty_cycle",
      ],
    );
    assert.equal(named("disk/io_read_bytes_rate")?.valueType, "double");
    assert.deepEqual(named("accelerator/duty_cycle")?.labels, ["make", "model", "accelerator_id"]);
  });

  test("counts 14 standard, 6 additional and 7 rates, no name twice", () => {
    assert.deepEqual([standardMetrics.length, additionalMetrics.length, rateMetrics.length], [14, 6, 7]);
    assert.equal(new Set(allMetrics.map(({ name }) => name)).size, allMetrics.length);
  });

  test("makes rates only of counters, and only whole ones of CPU time", () => {
    for (const [counter, rate] of rateOf) {
      assert.equal(named(counter)?.type, "cumulative", counter);
      assert.equal(named(rate)?.type, "gauge", rate);
      assert.equal(named(rate)?.valueType, rate === "cpu/usage_rate" ? "int64" : "double", rate);
    }
  });

  test("puts metrics into families as Elasticsearch's documents are typed", () => {
    const families = [
      "cpu/usage_rate",
      "memory/node_capacity",
      "network/rx",
      "filesystem/inodes",
      "cpu/load",
    ];
    assert.deepEqual(families.map(familyOf), ["cpu", "memory", "network", "filesystem", "general"]);
    assert.deepEqual(["uptime", "custom/qps", "disk/io_read_bytes", "cpu/other"].map(familyOf), [
      "general",
      "general",
      "general",
      "general",
    ]);
  });
});
