import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { afterEach, describe, test } from "node:test";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import { createTransport } from "../../../../lib/http/client.ts";
import { createKubelet } from "../../../../lib/metrics/kubelet/kubelet.ts";
import { scrapeAll } from "../../../../lib/metrics/scrape.ts";
import { type FakeKubelet, startKubelet } from "../../../fakes/kubelet.ts";
import { recipe } from "./recipe.ts";

const now = Date.parse("2026-01-01T01:00:05Z");
const window = { start: now - 65_000, end: now - 5_000 };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const summaryOf = (node: string, time = "2026-01-01T01:00:00Z") => ({
  node: { nodeName: node, cpu: { time, usageCoreNanoSeconds: 5 } },
  pods: [],
});

type Answer = (response: ServerResponse) => unknown;

/** Nodes that answer in their own ways, all asked at once; `over` ends the time for everybody. */
const scrape = async (answers: Readonly<Record<string, Answer>>) => {
  const transport = createTransport(defaultHttpClient);
  open.push(transport);
  let over = () => {};
  const sources = await Promise.all(
    Object.entries(answers).map(async ([name, answer]) => {
      const kubelet: FakeKubelet = await startKubelet({ answer: (_, response) => answer(response) });
      open.push(kubelet);
      const settings = { port: kubelet.port, https: false, insecure: false, proxy: false };
      const node = { name, hostname: name, hostId: "", address: "127.0.0.1", unschedulable: false };
      const server = new URL("http://127.0.0.1:9");
      return createKubelet(node, {
        kind: "kubernetes.summary_api",
        settings,
        transport,
        server,
        now: () => now,
      });
    }),
  );
  const after = (_: number, run: () => void) => {
    over = run;
    return () => {};
  };
  const clock = { now: () => now, after };
  const scraping = scrapeAll(sources, window, { clock, random: () => 0, wait: async () => {} });
  return { scraping, over: () => over() };
};

describe("among kubelets that do not do as they should", () => {
  test("each is left out with its reason, and the others are whole", async () => {
    const endless = (response: ServerResponse) => {
      response.on("error", () => undefined);
      const more = () =>
        void (response.destroyed || response.write(" ".repeat(4_000_000), () => setImmediate(more)));
      more();
    };
    const { scraping } = await scrape({
      good: () => summaryOf("good"),
      page: (response) => void response.setHeader("content-type", "text/html").end("<p>log in</p>"),
      cut: (response) => void response.end('{"node":{"nodeName":"cut"},"pods":[{'),
      array: () => [],
      text: () => "summary",
      nothing: (response) => void response.end(),
      binary: (response) => void response.end(Buffer.from([0xff, 0xfe, 0x00, 0x7b])),
      early: () => summaryOf("early", "2026-01-01T02:00:00Z"),
      late: () => summaryOf("late", "2025-12-31T00:00:00Z"),
      odd: () => summaryOf("odd", "yesterday"),
      large: () => ({
        ...summaryOf("large"),
        pods: [{ podRef: { name: "p" }, cpu: { usageCoreNanoSeconds: 1e300 } }],
      }),
      endless,
      also: () => ({ ...recipe }),
    });
    const { sets, failures } = await scraping;
    assert.deepEqual([...sets.keys()].filter((key) => !/pod:|container:/.test(key)).sort(), [
      "node:good",
      "node:test",
    ]);
    const expected: readonly (readonly [string, RegExp])[] = [
      ["page", /not valid JSON \(text\/html\)/],
      ["cut", /not valid JSON \([^)]*\)$/],
      ["array", /summary: expected an object/],
      ["text", /summary: expected an object/],
      ["nothing", /not valid JSON/],
      ["binary", /not valid JSON/],
      ["early", /was measured in the future: 3595 s/],
      ["late", /measured too long ago/],
      ["odd", /cpu\.time: expected a time, got "yesterday"/],
      ["large", /usageCoreNanoSeconds: expected a 64-bit integer/],
      ["endless", /larger than 33554432 bytes/],
    ];
    for (const [name, reason] of expected) assert.match(failures.get(`node:${name}`) ?? "", reason, name);
    assert.equal(failures.size, expected.length);
  });

  test("one that sends a byte now and then is not waited for longer than for all", async () => {
    const dripping = await scrape({
      drip: (response) => {
        response.on("error", () => undefined);
        response.write("{");
        setImmediate(() => dripping.over());
      },
    });
    const { failures } = await dripping.scraping;
    assert.deepEqual([...failures], [["node:drip", "no answer within 20000 ms"]]);
  });
});
