import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { parse } from "yaml";
import { folderFor, rollcall } from "./run.ts";

const written = `
global: {scrape_interval: 15s, evaluation_interval: 1m}
rule_files: [rules.yml]
scrape_configs:
- job_name: a/b c   # a comment
  kubernetes_sd_configs:
  - &sd {role: pod, api_server: "http://10.0.0.1", tls_config: &tls {insecure_skip_verify: true}}
  file_sd_configs: [{files: [a.json]}]
  static_configs: [{targets: ["x:1"]}]
  tls_config: *tls
  honor_labels: yes
  body_size_limit: 10MB
  enable_compression: false
  http_headers: {X-A: {values: ["1"]}}
  params: {module: ["on", http_2xx]}
  basic_auth: {username: "007", password: "p$1word"}
  relabel_configs: [{source_labels: [__scheme__], target_label: scheme, regex: "(.*)", replacement: "$1"}]
  metric_relabel_configs: [{action: drop, source_labels: [__name__], regex: 1e3}]
- job_name: b
  kubernetes_sd_configs: [{<<: *sd, role: node}]
  tls_config: {insecure_skip_verify: false, <<: *tls}
- job_name: self
  static_configs: [{targets: ["127.0.0.1:1"], labels: {a: "null"}}]
`;

const convert = async (context: TestContext, scraper: string, more: readonly string[] = []) => {
  const file = join(folderFor(context), "prometheus.yml");
  writeFileSync(file, written);
  const words = [
    "scrape-config",
    "--config",
    file,
    "--for",
    scraper,
    "--server",
    "http://rollcall:9095",
    ...more,
  ];
  const { code, out, err } = await rollcall(words);
  assert.equal(code, 0, err);
  return { out, err };
};

describe("rollcall scrape-config", () => {
  test("replaces all discovery of a job by one list and keeps the rest as it was written", async (context) => {
    const { out, err } = await convert(context, "prometheus", ["--token-file", "/etc/token"]);
    const [a, b, self] = parse(out, { schema: "failsafe" }).scrape_configs;
    assert.deepEqual(a.http_sd_configs, [
      {
        url: "http://rollcall:9095/sd/a%2Fb%20c",
        refresh_interval: "15s",
        authorization: { credentials_file: "/etc/token" },
      },
    ]);
    assert.deepEqual(
      Object.keys(a).filter((key) => /_sd_configs$|static/.test(key)),
      ["http_sd_configs"],
    );
    assert.deepEqual(
      [a.tls_config, a.metric_relabel_configs[0].regex],
      [{ insecure_skip_verify: "true" }, "1e3"],
    );
    assert.match(out, /password: "p\$1word"/);
    assert.match(out, /username: "007"/);
    assert.match(out, /- "on"/);
    assert.match(out, /regex: 1e3/);
    assert.match(out, /"a": "null"|a: "null"/);
    assert.equal(b.http_sd_configs[0].url, "http://rollcall:9095/sd/b");
    assert.deepEqual(b.tls_config, { insecure_skip_verify: "false" });
    assert.deepEqual(Object.keys(self), ["job_name", "static_configs"]);
    assert.match(err, /static targets only, left as they are: self/);
  });

  test("lets Rollcall relabel and shard when asked to", async (context) => {
    const { out } = await convert(context, "prometheus", ["--relabelled", "--shard", "1/4"]);
    const [a] = parse(out).scrape_configs;
    assert.equal(a.http_sd_configs[0].url, "http://rollcall:9095/sd/a%2Fb%20c?shard=1&of=4&relabel=true");
    assert.equal(a.relabel_configs, undefined);
    assert.equal(a.metric_relabel_configs.length, 1);
  });

  test("gives vmagent what it knows under its own names, and says what is left out", async (context) => {
    const { out, err } = await convert(context, "vmagent");
    const {
      scrape_configs: [a],
      ...rest
    } = parse(out);
    assert.deepEqual(Object.keys(rest), ["global"]);
    assert.deepEqual([a.max_scrape_size, a.disable_compression, a.headers], ["10MB", true, ["X-A: 1"]]);
    assert.deepEqual(a.http_sd_configs, [{ url: "http://rollcall:9095/sd/a%2Fb%20c" }]);
    assert.match(err, /the file: vmagent has no rule_files; left out/);
    assert.match(err, /global: vmagent has no evaluation_interval; left out/);
  });

  test("writes the collector's receiver, with its sign for variables doubled", async (context) => {
    const { out } = await convert(context, "otel");
    const { config } = parse(out).receivers.prometheus;
    assert.deepEqual(Object.keys(config), ["global", "scrape_configs"]);
    assert.equal(config.scrape_configs[0].relabel_configs[0].replacement, "$$1");
    assert.equal(config.scrape_configs[0].basic_auth.password, "p$$1word");
  });

  test("writes Alloy's components, with the job's options, and defaults that rules read", async (context) => {
    const { out, err } = await convert(context, "alloy", ["--token-file", "/etc/token"]);
    assert.match(out, /discovery\.http "a_b_c" \{\n\turl = "http:\/\/rollcall:9095\/sd\/a%2Fb%20c"/);
    assert.match(out, /credentials_file = "\/etc\/token"/);
    assert.match(out, /prometheus\.scrape "a_b_c" \{\n\ttargets = discovery\.relabel\.a_b_c\.output/);
    assert.match(out, /\tjob_name = "a\/b c"\n\tscrape_interval = "15s"\n\tscrape_timeout = "10s"/);
    assert.match(out, /source_labels = \["__scheme__"\]\n\t\tregex = ""\n\t\ttarget_label = "__scheme__"/);
    assert.match(out, /params = \{ "module" = \["on", "http_2xx"\] \}/);
    assert.match(out, /honor_labels = true/);
    assert.match(
      out,
      /prometheus\.relabel "a_b_c" \{\n\tforward_to = \[prometheus\.remote_write\.default\.receiver\]/,
    );
    assert.match(err, /prometheus\.remote_write "default"/);
  });

  test("refuses a broken file as check does, with 1", async (context) => {
    const file = join(folderFor(context), "prometheus.yml");
    writeFileSync(file, "scrape_configs: [{job_name: a, consul_sd_configs: [{}]}]\n");
    const { code, out, err } = await rollcall(["scrape-config", "--config", file]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /consul_sd_configs is not supported/);
  });

  test("says that included files are not rewritten", async (context) => {
    const file = join(folderFor(context), "prometheus.yml");
    writeFileSync(file, "scrape_config_files: ['jobs/*.yml']\n");
    const { out, err } = await rollcall(["scrape-config", "--config", file]);
    assert.deepEqual(parse(out), { scrape_config_files: ["jobs/*.yml"] });
    assert.match(err, /scrape_config_files are not rewritten here/);
  });
});
