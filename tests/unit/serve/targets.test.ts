import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filled, nodes } from "./poolsworld.ts";
import { east, groupOf } from "./world.ts";

const common = {
  __convert_classic_histograms_to_nhcb__: "false",
  __always_scrape_classic_histograms__: "false",
  __scrape_native_histograms__: "false",
  __metrics_path__: "/metrics",
  __scheme__: "http",
  __scrape_interval__: "1m",
  __scrape_timeout__: "10s",
};

describe("GET /api/v1/targets", () => {
  test("shows a target as Prometheus does before its first scrape, labels by name", async () => {
    const answer = await (await filled()).get("api/v1/targets?scrapePool=pods", {
      host: "localhost:9095",
    });
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(Object.keys(answer.json.data), [
      "activeTargets",
      "droppedTargets",
      "droppedTargetCounts",
    ]);
    assert.deepEqual(answer.json.data.activeTargets[0], {
      discoveredLabels: {
        ...common,
        "10": "x",
        "9": "y",
        __address__: "127.0.0.1:80",
        __meta_pod: "a",
        __param_module: "tcp",
        job: "pods",
      },
      labels: { "10": "x", "9": "y", instance: "127.0.0.1:80", job: "pods" },
      scrapePool: "pods",
      scrapeUrl: "http://127.0.0.1:80/metrics?module=tcp&module=udp",
      globalUrl: "http://localhost:80/metrics?module=tcp&module=udp",
      lastError: "",
      lastScrape: "0001-01-01T00:00:00Z",
      lastScrapeDuration: 0,
      health: "unknown",
      scrapeInterval: "1m",
      scrapeTimeout: "10s",
    });
    assert.ok(
      answer.body.includes('"labels":{"10":"x","9":"y","instance"'),
      "10 comes before 9, as bytes do",
    );
  });

  test("merges targets with equal final labels and shows the last of them", async () => {
    const { activeTargets } = (await (await filled()).get("api/v1/targets?scrapePool=pods")).json.data;
    assert.deepEqual(
      activeTargets.map(
        (one: { discoveredLabels: Record<string, string> }) => one.discoveredLabels.__meta_path,
      ),
      [undefined, "2"],
    );
  });

  for (const [query, active, dropped, counts] of [
    ["", 3, 1, { Empty: 0, nodes: 0, pods: 2 }],
    ["?state=ANY", 3, 1, { Empty: 0, nodes: 0, pods: 2 }],
    ["?state=active", 3, 0, null],
    ["?state=Dropped", 0, 1, { Empty: 0, nodes: 0, pods: 2 }],
    ["?state=else", 0, 0, null],
    ["?scrapePool=nodes", 1, 0, { Empty: 0, nodes: 0, pods: 2 }],
    ["?scrapePool=nodes&state=active", 1, 0, null],
    ["?scrapePool=nothing", 0, 0, { Empty: 0, nodes: 0, pods: 2 }],
  ] as const) {
    test(`${query || "without a query"} has ${active} active, ${dropped} dropped`, async () => {
      const { data } = (await (await filled()).get(`api/v1/targets${query}`)).json;
      assert.equal(data.activeTargets.length, active);
      assert.equal(data.droppedTargets.length, dropped);
      assert.deepEqual(data.droppedTargetCounts, counts);
    });
  }

  test("has pools by name, and of dropped targets their discovered labels", async () => {
    const { data } = (await (await filled()).get("api/v1/targets")).json;
    assert.deepEqual(
      data.activeTargets.map(({ scrapePool }: { scrapePool: string }) => scrapePool),
      ["nodes", "pods", "pods"],
    );
    assert.deepEqual(data.droppedTargets, [
      {
        discoveredLabels: {
          ...common,
          __address__: "b:1",
          __meta_state: "drop",
          __param_module: "tcp",
          job: "pods",
        },
        scrapePool: "pods",
      },
    ]);
  });

  test("answers 304 to whoever has it already, until something changes", async () => {
    const world = await filled();
    const tag = (await world.get("api/v1/targets")).headers.ETag ?? "";
    const again = () => world.get("api/v1/targets", { "If-None-Match": tag });
    assert.equal((await again()).statusCode, 304);
    await world.apply(nodes.id, groupOf("node/n", []));
    assert.equal((await again()).json.data.activeTargets.length, 2);
  });

  test("is 413 naming what to ask for when it would be cut on its way", async () => {
    const world = await filled({ doorSpeed: 1_000_000 });
    const note = "x".repeat(16_000_000);
    await world.apply(
      east.id,
      groupOf("pod/big", [
        { __address__: "big:1", __meta_note: note },
        { __address__: "big:2", __meta_note: note },
      ]),
    );
    const answer = await world.get("api/v1/targets");
    assert.equal(answer.statusCode, 413);
    assert.match(
      answer.json.error,
      /31 MB or more.* within 25 s; .*\?scrapePool=NAME.*\/api\/v1\/search\?job=NAME&limit=/,
    );
    assert.equal((await world.get("api/v1/targets?scrapePool=nodes&state=active")).statusCode, 200);
    assert.equal((await world.get("api/v1/targets", { "accept-encoding": "gzip" })).statusCode, 200);
    const slow = { "accept-encoding": "gzip", "X-Prometheus-Refresh-Interval-Seconds": "1" };
    assert.equal((await world.get("api/v1/targets", slow)).statusCode, 200);
  });
});
