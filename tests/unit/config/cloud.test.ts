import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refuseInCloud } from "../../../lib/config/cloud.ts";
import { ConfigurationError } from "../../../lib/config/error.ts";

const findings = (text: string): string[] => {
  try {
    refuseInCloud([{ path: "prometheus.yml", text }]);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.doesNotMatch(error.message, /hunter2/);
    return error.findings.map(({ line, message }) => `${line} ${message}`);
  }
};

const inBlock = (block: string) => `scrape_configs:\n- job_name: x\n  http_sd_configs:\n  - ${block}\n`;

describe("in the cloud", () => {
  const literal = [
    "basic_auth: {username: me, password: hunter2}",
    "bearer_token: hunter2",
    "authorization: {credentials: hunter2}",
    "oauth2: {client_id: me, client_secret: hunter2}",
    "tls_config: {cert: public, key: hunter2}",
    "http_headers: {X-Key: {secrets: [hunter2]}}",
    "proxy_connect_header: {Proxy-Authorization: [hunter2]}",
    "proxy_url: http://me:hunter2@proxy:3128",
    "url: https://me:hunter2@sd.example/",
    "<<: {bearer_token: hunter2}",
    "basic_auth: {password: &p hunter2, username: *p}",
    '"bearer_token": "hunter2"',
  ];
  for (const block of literal) {
    test(`a literal secret is refused with its place: ${block.replaceAll("hunter2", "…")}`, () => {
      assert.match(
        findings(inBlock(block)).join(),
        /^4 [a-zA-Z_-]+: (a password in a URL: )?a literal secret is refused/,
      );
    });
  }

  test("sections that discovery ignores are held to the same, since the file is kept as it is", () => {
    const text =
      "remote_write:\n- url: http://x\n  basic_auth: {username: me, password: hunter2}\n  sigv4: {secret_key: hunter2}\n";
    assert.equal(findings(text).length, 2);
  });

  test("references and files pass, and so do a login's name and a proxy without a login", () => {
    for (const block of [
      "basic_auth: {username: me, password: '${ssm:/x}'}",
      "basic_auth: {username_file: u, password_file: p}",
      "authorization: {credentials: 'abc-${secretsmanager:x#y}'}",
      "proxy_url: http://proxy:3128",
      "proxy_url: http://me:${ssm:/x}@proxy:3128",
      "tls_config: {ca: '-----BEGIN CERTIFICATE-----', insecure_skip_verify: true}",
      "http_headers: {X-Team: {values: [blue]}}",
    ]) {
      assert.deepEqual(findings(inBlock(block)), [], block);
    }
  });

  test("the password of a metrics sink is a reference", () => {
    const sinks = (uri: string) =>
      findings(`metrics: {sinks: [${JSON.stringify(uri)}], historical_source: ""}`);
    assert.deepEqual(sinks("influxdb:http://influx:8086?user=me&pw=${ssm:/influx/password}"), []);
    assert.deepEqual(sinks("influxdb:http://influx:8086"), []);
    assert.match(
      sinks("influxdb:http://influx:8086?pw=hunter2").join(),
      /sinks: pw: a literal secret is refused/,
    );
    assert.match(sinks("influxdb:http://me:hunter2@influx:8086").join(), /sinks: a password in a URL/);
    assert.match(sinks("influxdb:?db=%24%7Bssm:/db}").join(), /a reference in db must be written as it is/);
    assert.match(sinks("influxdb:?pw=${ssm:a b}").join(), /expected \$\{ssm:NAME\}/);
  });

  test("metrics are collected at whole minutes, since no schedule is quicker", () => {
    assert.deepEqual(findings("metrics: {resolution: 2m}"), []);
    for (const resolution of ["5s", "59s"])
      assert.match(
        findings(`metrics:\n  resolution: ${resolution}\n`).join(),
        /^2 resolution: whole minutes from 1m to 15m in the cloud/,
      );
  });

  test("what users name themselves is no secret of ours", () => {
    const text =
      "scrape_configs:\n- job_name: x\n  params: {token: [a]}\n  static_configs:\n  - {targets: [a], labels: {password: b, key: c}}\n";
    assert.deepEqual(findings(text), []);
  });

  test("a reference that nobody would resolve, or that makes no sense, is refused with its place", () => {
    assert.deepEqual(findings(inBlock("url: 'https://${ssm:/x}/'")), [
      "4 url: a reference is resolved in credentials only, not here",
    ]);
    assert.deepEqual(findings(inBlock("bearer_token: '${ssm:}'")), [
      "4 bearer_token: ${ssm:}: expected ${ssm:NAME}, a parameter's name or ARN",
    ]);
  });

  test("a second document, which nobody reads and the table would keep, is refused", () => {
    assert.deepEqual(findings("global: {}\n---\npassword: hunter2\n"), [
      "1 a file of several YAML documents is refused in the cloud",
    ]);
    assert.deepEqual(findings("---\nglobal: {}\n"), []);
  });

  test("every finding is told at once", () => {
    assert.equal(findings(inBlock("basic_auth: {password: hunter2}\n    bearer_token: hunter2")).length, 2);
  });
});
