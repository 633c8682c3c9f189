import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fakeServer, folderFor, good, rollcall } from "./run.ts";

const target = (more: object) => ({
  job: "pods",
  state: "active",
  provider: "kubernetes/0123456789ab",
  source: "pod/shop/web-1",
  discoveredLabels: { __address__: "10.0.0.1:80" },
  labels: { instance: "10.0.0.1:80", job: "pods" },
  scrapeUrl: "http://10.0.0.1:80/metrics",
  ...more,
});

describe("rollcall check", () => {
  test("prints each finding with file, line and column, as Prometheus words it, and ends with 1", async (context) => {
    const file = join(folderFor(context), "prometheus.yml");
    writeFileSync(
      file,
      "scrape_configs:\n- job_name: a\n  scrape_interval: 1s\n  scrape_timeout: 2s\n- job_name: a\n",
    );
    const { code, out } = await rollcall(["check", file]);
    assert.equal(code, 1);
    assert.match(out, /prometheus\.yml:4:\d+: scrape timeout greater than scrape interval for scrape config/);
  });

  test("says that a good one is good, and what of it only works inside a cluster", async (context) => {
    const file = join(folderFor(context), "prometheus.yml");
    writeFileSync(file, "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: pod}]\n");
    const { code, out } = await rollcall(["check", file]);
    assert.equal(code, 0);
    assert.match(out, /^warning: job "a" has a Kubernetes block without api_server/m);
    assert.match(out, /prometheus\.yml: good, 1 job$/m);
  });

  test("checks settings against the configuration, and answers in JSON", async (context) => {
    const folder = folderFor(context);
    writeFileSync(join(folder, "p.yml"), "scrape_configs: []\n");
    writeFileSync(join(folder, "r.yml"), "jobs: [{name: gone, clusters: [a]}]\n");
    const words = ["check", join(folder, "p.yml"), "--settings", join(folder, "r.yml"), "--output", "json"];
    const { code, out } = await rollcall(words);
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).findings[0].message, 'no job is named "gone"');
  });

  test("ends with 2 for a file that is not there", async () => {
    const { code, err } = await rollcall(["check", "/nowhere/prometheus.yml"]);
    assert.equal(code, 2);
    assert.match(err, /ENOENT/);
  });
});

describe("rollcall targets", () => {
  test("asks page after page, with what was asked for, and shows labels and reasons", async (context) => {
    const { url, asked } = await fakeServer(context, ({ query }) =>
      query.get("cursor") === null
        ? good({ targets: [target({})], cursor: "next" })
        : good({
            targets: [target({ state: "dropped", scrapeUrl: "", reason: "rule 2 dropped it" })],
            cursor: null,
          }),
    );
    const words = ["--job", "pods", "--match", '{a="b"}', "--match", '{c="d"}', "--state", "any"];
    const { code, out } = await rollcall(["targets", "--server", url, ...words]);
    assert.equal(code, 0);
    assert.deepEqual(asked[0]?.query.getAll("match[]"), ['{a="b"}', '{c="d"}']);
    assert.deepEqual([asked[0]?.query.get("job"), asked[0]?.query.get("state")], ["pods", "any"]);
    assert.match(
      out,
      /pods +active +http:\/\/10\.0\.0\.1:80\/metrics +\{instance="10.0.0.1:80", job="pods"\}/,
    );
    assert.match(out, /pods +dropped +10\.0\.0\.1:80 +rule 2 dropped it/);
  });

  test("shows no more than asked for", async (context) => {
    const { url, asked } = await fakeServer(context, () =>
      good({ targets: [target({}), target({})], cursor: "a" }),
    );
    const { out } = await rollcall(["targets", "--server", url, "--limit", "1", "--output", "json"]);
    assert.equal(JSON.parse(out).targets.length, 1);
    assert.equal(asked.length, 1);
  });

  test("hands a hostile label to a terminal as escapes", async (context) => {
    const { url } = await fakeServer(context, () =>
      good({ targets: [target({ labels: { instance: "\u001b]0;x\u0007<script>" } })], cursor: null }),
    );
    const { out } = await rollcall(["targets", "--server", url], {
      columns: 120,
      environment: { NO_COLOR: "1" },
    });
    assert.doesNotMatch(out, /[^\n -~]/);
    assert.match(out, /<script>/);
  });
});

const answer = (more: object) => ({
  job: "pods",
  verdict: "not served",
  reason: "dropped",
  sentence: "pod/shop/web-1 is dropped by rule 1.",
  steps: [
    { step: "listed", ok: true, detail: "found" },
    { step: "relabelled", ok: false, detail: "dropped by rule 1" },
    { step: "served", ok: null, detail: "" },
  ],
  targets: [
    {
      discoveredLabels: { __address__: "10.0.0.1:80" },
      labels: {},
      reason: "dropped",
      rules: [{ number: 1, rule: { action: "drop" }, keep: false, before: { a: "b" }, after: {}, more: 1 }],
    },
  ],
  ...more,
});

describe("rollcall explain", () => {
  test("tells sentence, steps and targets, and ends with 1 when nobody serves it", async (context) => {
    const { url, asked } = await fakeServer(context, () => good({ answers: [answer({})] }));
    const { code, out } = await rollcall(["explain", "pod/shop/web-1", "--job", "pods", "--server", url]);
    assert.equal(code, 1);
    assert.equal(asked[0]?.query.toString(), "object=pod%2Fshop%2Fweb-1&job=pods");
    assert.match(out, /^pods: not served \(dropped\)\npod\/shop\/web-1 is dropped by rule 1\.$/m);
    assert.match(out, / {2}relabelled +no +dropped by rule 1/);
    assert.doesNotMatch(out, / {2}served/);
  });

  test("ends with 0 when a job serves it, which comes first, and is short about those that never saw it", async (context) => {
    const never = answer({
      job: "nodes",
      reason: "never_seen",
      sentence: "Never seen.",
      steps: [{ step: "listed", ok: false }],
    });
    const served = answer({ verdict: "served", reason: "served", sentence: "It is served." });
    const { url } = await fakeServer(context, () => good({ answers: [never, served] }));
    const { code, out } = await rollcall(["explain", "web-1", "--server", url]);
    assert.equal(code, 0);
    assert.ok(out.indexOf("It is served.") < out.indexOf("Never seen."));
    assert.equal(out.match(/STEP/g)?.length, 1);
  });

  test("shows what each rule read and did when asked to", async (context) => {
    const { url } = await fakeServer(context, () => good({ answers: [answer({})] }));
    const { out } = await rollcall(["explain", "web-1", "--rules", "--server", url]);
    assert.match(out, / {2}1 drop +\{a="b"\} +dropped$/m);
  });

  test("keeps in JSON what it does not know", async (context) => {
    const { url } = await fakeServer(context, () => good({ answers: [answer({})] }));
    const { out } = await rollcall(["explain", "web-1", "--server", url, "--output", "json"]);
    assert.equal(JSON.parse(out).answers[0].targets[0].rules[0].more, 1);
  });
});

const change = (source: string) => ({
  at: "2026-11-23T04:00:00.000Z",
  provider: "kubernetes/0123456789ab",
  jobs: ["pods"],
  source,
  change: "updated",
  targetsBefore: 1,
  targetsAfter: 2,
  labels: { added: ["team"], removed: [], changed: ["node"] },
  version: { epoch: 1, sequence: 2 },
});

describe("rollcall changes", () => {
  test("shows what changed, and counts a duration back from now", async (context) => {
    const { url, asked } = await fakeServer(context, () => good({ changes: [change("pod/a/b")] }));
    const before = Date.now();
    const { code, out } = await rollcall(["changes", "--job", "pods", "--since", "90m", "--server", url]);
    assert.equal(code, 0);
    assert.match(out, /updated +pod\/a\/b +pods +1 → 2 +\+team ~node/);
    const since = Date.parse(asked[0]?.query.get("since") ?? "");
    assert.ok(Math.abs(before - since - 90 * 60_000) < 10_000);
  });

  test("says on standard error that there are more", async (context) => {
    const { url } = await fakeServer(context, () =>
      good({ changes: [change("a"), change("b")], cursor: "next" }),
    );
    const { out, err } = await rollcall(["changes", "--limit", "2", "--output", "json", "--server", url]);
    assert.equal(JSON.parse(out).changes.length, 2);
    assert.match(err, /more than 2; --limit/);
  });
});
