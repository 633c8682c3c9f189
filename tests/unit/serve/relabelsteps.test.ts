import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filled } from "./poolsworld.ts";
import { serveWorld } from "./world.ts";

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
