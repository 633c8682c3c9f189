import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConfigurationError } from "../../../lib/config/error.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";

const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
const parse = (text: string) => parseSettings({ path: "/etc/rollcall.yml", text }, configuration).adapters;

const listen = "listen: '127.0.0.1:6443', tls: {cert_file: a, key_file: b}";

describe("an adapter of the settings", () => {
  test("has defaults for nearly everything", () => {
    assert.deepEqual(parse("adapters: [{cluster: prod, host: Metrics.Example}]"), [
      {
        cluster: "prod",
        host: "metrics.example",
        access: { kind: "in-cluster" },
        relistInterval: 600_000,
        maxAge: 600_000,
      },
    ]);
  });

  test("has files beside the settings", () => {
    const [adapter] = parse(`
adapters:
- cluster: prod
  host: a
  rules_file: adapter.yml
  prometheus: {url: "https://prometheus/prefix", verb: POST, authorization: {credentials_file: token}, tls_config: {ca_file: ca.crt}}
  metrics_relist_interval: 1m
  metrics_max_age: 20m
  kubeconfig_file: kube.conf
  listen: 127.0.0.1:6443
  tls: {cert_file: a.crt, key_file: a.key, requestheader_client_ca_file: proxy.crt, requestheader_allowed_names: [aggregator]}
`);
    assert.ok(adapter?.prometheus);
    const { prometheus, ...rest } = adapter;
    assert.deepEqual(rest, {
      cluster: "prod",
      host: "a",
      rulesFile: "/etc/adapter.yml",
      relistInterval: 60_000,
      maxAge: 1_200_000,
      listen: "127.0.0.1:6443",
      tls: {
        certFile: "/etc/a.crt",
        keyFile: "/etc/a.key",
        requestheaderClientCaFile: "/etc/proxy.crt",
        requestheaderAllowedNames: ["aggregator"],
      },
      access: { kind: "kubeconfig", file: "/etc/kube.conf" },
    });
    assert.deepEqual(
      [
        prometheus.url,
        prometheus.verb,
        prometheus.httpClient.authorization?.credentialsFile,
        prometheus.httpClient.tls.caFile,
      ],
      ["https://prometheus/prefix", "POST", "/etc/token", "/etc/ca.crt"],
    );
  });

  test("may sign what it asks of a managed Prometheus", () => {
    const [adapter] = parse(`
adapters:
- {cluster: a, host: a, rules_file: r.yml, prometheus: {url: "https://aps", sigv4: {region: eu-central-1, role_arn: "arn:aws:iam::123456789012:role/reader"}}}
`);
    assert.deepEqual(adapter?.prometheus?.sigv4, {
      region: "eu-central-1",
      service: "aps",
      roleArn: "arn:aws:iam::123456789012:role/reader",
    });
    assert.equal(adapter?.prometheus?.httpClient.followRedirects, false);
  });

  test("is reached as its cluster is", () => {
    const [adapter] = parse(
      "clusters: [{name: prod, kubeconfig_file: k}]\nadapters: [{cluster: prod, host: a}]",
    );
    assert.deepEqual(adapter?.access, { kind: "kubeconfig", file: "/etc/k" });
  });

  const refused: [string, string, RegExp][] = [
    ["no cluster", "{host: a}", /an adapter needs a cluster/],
    ["neither host nor listen", "{cluster: a}", /an adapter needs a host/],
    [
      "an unknown key",
      "{cluster: a, host: a, rule_file: x}",
      /field rule_file not found in type settings\.adapter/,
    ],
    [
      "a host with a port",
      "{cluster: a, host: 'a:443'}",
      /host must be a DNS name without a port, not "a:443"/,
    ],
    ["rules without a Prometheus", "{cluster: a, host: a, rules_file: r}", /a rules_file needs a prometheus/],
    [
      "a Prometheus without rules",
      "{cluster: a, host: a, prometheus: {url: 'http://p'}}",
      /a prometheus needs a rules_file/,
    ],
    [
      "a Prometheus without a place",
      "{cluster: a, host: a, rules_file: r, prometheus: {}}",
      /a prometheus needs a url/,
    ],
    [
      "a place that is none",
      "{cluster: a, host: a, rules_file: r, prometheus: {url: 'ftp://p'}}",
      /url must be that of a Prometheus/,
    ],
    [
      "another verb",
      "{cluster: a, host: a, rules_file: r, prometheus: {url: 'http://p', verb: PUT}}",
      /verb must be GET or POST, not "PUT"/,
    ],
    [
      "two kinds of credentials",
      "{cluster: a, host: a, rules_file: r, prometheus: {url: 'http://p', bearer_token: x, sigv4: {region: eu-west-1}}}",
      /sigv4 signs requests/,
    ],
    [
      "a signature for nowhere",
      "{cluster: a, host: a, rules_file: r, prometheus: {url: 'http://p', sigv4: {}}}",
      /sigv4 needs a region/,
    ],
    [
      "half a key",
      "{cluster: a, host: a, rules_file: r, prometheus: {url: 'http://p', sigv4: {region: eu-west-1, access_key: x}}}",
      /go together/,
    ],
    [
      "keys and a role",
      "{cluster: a, host: a, rules_file: r, prometheus: {url: 'http://p', sigv4: {region: eu-west-1, access_key: x, secret_key: y, role_arn: z}}}",
      /a role_arn or keys, not both/,
    ],
    [
      "an interval that no schedule has",
      "{cluster: a, host: a, metrics_relist_interval: 1s}",
      /must be at least 5s/,
    ],
    [
      "a look back shorter than the interval",
      "{cluster: a, host: a, metrics_max_age: 5m}",
      /max age must not be less than relist interval/,
    ],
    [
      "a listener without a certificate",
      "{cluster: a, listen: '127.0.0.1:6443'}",
      /listen needs tls with cert_file and key_file/,
    ],
    [
      "a listener without a port",
      "{cluster: a, listen: localhost, tls: {cert_file: a, key_file: b}}",
      /listen must be an address and a port/,
    ],
    [
      "half a certificate",
      "{cluster: a, host: a, tls: {cert_file: a}}",
      /cert_file and key_file go together/,
    ],
    ["a cluster twice", "{cluster: a, host: a}, {cluster: a, host: b}", /two adapters have the cluster "a"/],
    ["a host twice", "{cluster: a, host: a}, {cluster: b, host: A}", /two adapters have the host "a"/],
    [
      "a listener that another has too, and no host",
      `{cluster: a, host: a, ${listen}}, {cluster: b, ${listen}}`,
      /two adapters have the listen "127\.0\.0\.1:6443": each needs a host/,
    ],
    [
      "a listener that another has too, with another certificate",
      `{cluster: a, host: a, ${listen}}, {cluster: b, host: b, ${listen.replace("key_file: b", "key_file: c")}}`,
      /two adapters have the listen "127\.0\.0\.1:6443": they need the same cert_file and key_file/,
    ],
  ];
  for (const [what, adapters, reason] of refused) {
    test(`with ${what} is refused`, () => {
      assert.throws(
        () => parse(`adapters: [${adapters}]`),
        (error) => error instanceof ConfigurationError && reason.test(error.message),
      );
    });
  }

  test("shares a listener with another one, from which its host tells it", () => {
    const adapters = parse(`adapters: [{cluster: a, host: a, ${listen}}, {cluster: b, host: b, ${listen}}]`);
    assert.deepEqual(
      adapters.map(({ host, listen }) => [host, listen]),
      [
        ["a", "127.0.0.1:6443"],
        ["b", "127.0.0.1:6443"],
      ],
    );
  });

  test("of a Swarm is refused", () => {
    const text = "clusters: [{name: s, masters: ['http://127.0.0.1:1']}]\nadapters: [{cluster: s, host: a}]";
    assert.throws(() => parse(text), /cluster "s" is none of Kubernetes/);
  });

  test("shows no secret key", () => {
    const [adapter] = parse(
      "adapters: [{cluster: a, host: a, rules_file: r, prometheus: {url: 'http://p', sigv4: {region: eu-west-1, access_key: AKID, secret_key: hushhushhush}}}]",
    );
    assert.ok(!JSON.stringify(adapter).includes("hushhushhush"));
    assert.equal(adapter?.prometheus?.sigv4?.secretKey?.reveal(), "hushhushhush");
  });
});
