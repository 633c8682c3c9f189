import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { provider } from "../../fakes/providers.ts";
import { east, groupOf, serveWorld, west } from "./world.ts";

const yaml = `
scrape_configs:
- job_name: pods
  keep_dropped_targets: 1
  params: {module: [tcp, udp]}
  relabel_configs:
  - {source_labels: [__meta_state], regex: drop, action: drop}
  - {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
- job_name: nodes
- job_name: Empty
`;
const nodes = provider({ id: "kubernetes/00000000000c", jobs: ["nodes"] });

const filled = async (parts = {}) => {
  const world = await serveWorld({ yaml, providers: [east, west, nodes], parts });
  await world.apply(
    east.id,
    groupOf("pod/a", [{ __address__: "127.0.0.1:80", "10": "x", "9": "y" }], { __meta_pod: "a" }),
    groupOf("pod/b", [
      { __address__: "b:1", __meta_state: "drop" },
      { __address__: "b:2", __meta_state: "drop" },
      { __address__: "b:3", __meta_state: "clear" },
    ]),
    groupOf("pod/c", [{ __address__: "c:1", __meta_path: "1" }]),
  );
  await world.apply(west.id, groupOf("pod/c", [{ __address__: "c:1", __meta_path: "2" }]));
  await world.apply(nodes.id, groupOf("node/n", [{ __address__: "n:1" }]));
  return world;
};

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

describe("GET /api/v1/scrape_pools", () => {
  test("names the jobs by name", async () => {
    const { json } = await (await filled()).get("api/v1/scrape_pools");
    assert.deepEqual(json, { status: "success", data: { scrapePools: ["Empty", "nodes", "pods"] } });
  });

  test("/config gives the job's configuration", async () => {
    const { json } = await (await filled()).get("api/v1/scrape_pools/config?scrapePool=pods");
    assert.match(json.data.yaml, /^job_name: pods\n/);
  });

  for (const [query, error] of [
    ["", "no scrapePool parameter provided"],
    ["?scrapePool=x%22", 'error retrieving scrape config: scrape pool "x\\"" not found'],
  ] as const) {
    test(`/config${query} is refused in Prometheus's words`, async () => {
      const answer = await (await filled()).get(`api/v1/scrape_pools/config${query}`);
      assert.deepEqual(
        [answer.statusCode, answer.json.errorType, answer.json.error],
        [400, "bad_data", error],
      );
    });
  }
});

describe("GET /api/v1/targets/relabel_steps", () => {
  const ask = async (labels: string) =>
    (await filled()).get(
      `api/v1/targets/relabel_steps?${new URLSearchParams({ scrapePool: "pods", labels })}`,
    );

  test("gives each rule by Prometheus's keys with what it made of the labels", async () => {
    const answer = await ask('{"__address__":"a:1","__meta_state":"clear"}');
    assert.deepEqual(answer.json.data.steps, [
      {
        rule: {
          source_labels: ["__meta_state"],
          separator: ";",
          regex: "drop",
          replacement: "$1",
          action: "drop",
        },
        output: { __address__: "a:1", __meta_state: "clear" },
        keep: true,
      },
      {
        rule: {
          source_labels: ["__meta_state"],
          separator: ";",
          regex: "clear",
          target_label: "__address__",
          replacement: "",
          action: "replace",
        },
        output: { __meta_state: "clear" },
        keep: true,
      },
    ]);
  });

  test("shows nothing behind the rule that drops the target", async () => {
    const { steps } = (await ask('{"__meta_state":"drop"}')).json.data;
    assert.deepEqual(
      steps.map(({ output, keep }: { output: object; keep: boolean }) => [output, keep]),
      [
        [{}, false],
        [{}, false],
      ],
    );
  });

  test("prints a modulus of 64 bits exactly", async () => {
    const big = `
scrape_configs:
- job_name: pods
  relabel_configs: [{action: hashmod, modulus: 18446744073709551615, target_label: a}]
`;
    const world = await serveWorld({ yaml: big, providers: [] });
    const { body } = await world.get("api/v1/targets/relabel_steps?scrapePool=pods&labels={}");
    assert.ok(body.includes('"modulus":18446744073709551615,"target_label":"a"'), body);
  });

  for (const [query, error] of [
    ["", /^no scrapePool parameter provided$/],
    ["?scrapePool=pods", /^no labels parameter provided$/],
    ["?scrapePool=pods&labels=x", /^error parsing labels: /],
    ["?scrapePool=pods&labels=[1]", /^error parsing labels: expected a JSON object of texts$/],
    ["?scrapePool=x&labels={}", /^error retrieving scrape config: scrape pool "x" not found$/],
  ] as const) {
    test(`${query || "without a query"} is refused in Prometheus's words`, async () => {
      const answer = await (await filled()).get(`api/v1/targets/relabel_steps${query}`);
      assert.equal(answer.statusCode, 400);
      assert.match(answer.json.error, error);
    });
  }
});
