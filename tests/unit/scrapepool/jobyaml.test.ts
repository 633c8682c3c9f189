import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { jobYaml } from "../../../lib/scrapepool/jobyaml.ts";

const text = `
scrape_configs:
- job_name: all
  params: {a: [x, "y"]}
  scrape_interval: 90s
  keep_dropped_targets: 3
  relabel_configs:
  - {action: hashmod, source_labels: [a, b], modulus: 18446744073709551615, target_label: c}
  static_configs:
  - {targets: [a:1, b:1], labels: {team: shop}}
  - {targets: [c:1]}
  file_sd_configs: [{files: [/targets/*.json], refresh_interval: 1m}]
  http_sd_configs:
  - url: http://user:hush-hush@sd.example/list
    basic_auth: {username: me, password: hush-hush}
    proxy_url: http://me:hush-hush@proxy.example:3128
    http_headers: {X-Key: {secrets: [hush-hush]}, X-Open: {values: [open]}}
    tls_config: {ca_file: /ca.pem, min_version: TLS12}
  kubernetes_sd_configs:
  - role: pod
    api_server: https://127.0.0.1:6443
    authorization: {credentials: hush-hush}
    namespaces: {names: [shop]}
    selectors: [{role: pod, label: app=web}]
    attach_metadata: {node: true}
  - {role: node, kubeconfig_file: /kubeconfig}
  dockerswarm_sd_configs:
  - host: http://127.0.0.1:2375
    role: tasks
    filters: [{name: label, values: [x]}]
    oauth2: {client_id: me, client_secret: hush-hush, token_url: http://127.0.0.1/token, endpoint_params: {key: hush-hush}}
  docker_sd_configs: [{host: "unix:///run/docker.sock"}]
  swarm_sd_configs: [{masters: ["http://127.0.0.1:3376"]}]
`;

const parse = (yaml: string) =>
  parseConfiguration({ main: { path: "/prometheus.yml", text: yaml }, jobFiles: [] }).configuration.jobs[0]!;

const asEntry = (yaml: string) => `scrape_configs:\n- ${yaml.trimEnd().replaceAll("\n", "\n  ")}\n`;

describe("a job's configuration as text", () => {
  const yaml = jobYaml(parse(text));

  test("tells no secret", () => {
    assert.doesNotMatch(yaml, /hush/);
    assert.equal(yaml.match(/<secret>/g)?.length, 7);
  });

  test("is read by Prometheus's rules as the same job, but for the secrets", () => {
    const plain = text
      .replaceAll("user:hush-hush@", "")
      .replaceAll("me:hush-hush@", "")
      .replaceAll("hush-hush", "<secret>")
      .replace("<secret>}}", '"<secret>"}}');
    const again = jobYaml(parse(plain)).replace("<secret>@", "");
    assert.deepEqual(
      comparable(parse(asEntry(again.replace(/proxy_url: .*/, 'proxy_url: "http://proxy.example:3128"')))),
      comparable(parse(plain)),
    );
  });

  test("spells defaults out, and is exact about numbers of 64 bits", () => {
    assert.match(yaml, /^job_name: all\n/);
    for (const line of [
      "scrape_interval: 1m30s",
      "metrics_path: /metrics",
      "modulus: 18446744073709551615",
    ]) {
      assert.ok(yaml.includes(line), `${line} in ${yaml}`);
    }
  });
});

const comparable = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? String(part) : part)));
