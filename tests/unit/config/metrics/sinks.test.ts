import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { namedFiles } from "../../../../lib/config/cloud.ts";
import { ConfigurationError } from "../../../../lib/config/error.ts";
import { parseConfiguration } from "../../../../lib/config/parse.ts";
import { parseSettings } from "../../../../lib/config/rollcall.ts";

const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });

const parse = (uri: string) =>
  parseSettings(
    {
      path: "/etc/rollcall.yml",
      text: `metrics: {sources: ["kubernetes:"], sinks: [${JSON.stringify(uri)}]}`,
    },
    configuration,
  );
const sinkOf = (uri: string) => parse(uri).metrics?.sinks[0];
const refusal = (uri: string): string => {
  try {
    parse(uri);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.findings.map(({ message }) => message).join("\n");
    throw error;
  }
  return assert.fail(`${uri} was accepted`);
};
const shown = (uri: string) => JSON.parse(JSON.stringify(sinkOf(uri)));

describe("a remote write sink", () => {
  test("has Prometheus's own path unless another is written", () => {
    assert.deepEqual(shown("prometheus:http://mon:9090"), {
      kind: "prometheus",
      url: "http://mon:9090/api/v1/write",
      prefix: "heapster_",
      insecureTls: false,
    });
    const full = "prometheus:https://mon/push?prefix=k8s_&cluster_name=c&user=me&pw=p4ssw0rd&insecuressl=1";
    assert.deepEqual(shown(full), {
      kind: "prometheus",
      url: "https://mon/push",
      prefix: "k8s_",
      clusterName: "c",
      login: { username: "me", password: "<secret>" },
      insecureTls: true,
    });
    assert.doesNotMatch(inspect(sinkOf(full), { depth: 5 }), /p4ssw0rd/);
  });

  test("is refused with what is allowed", () => {
    assert.match(refusal("prometheus:"), /its address is http:\/\/host:port or https/);
    assert.match(refusal("prometheus:http://a?user=me&token=t"), /token does not go with user/);
    assert.match(refusal("prometheus:http://a?prefx=x"), /"prefx" is not known; allowed are cluster_name,/);
  });
});

describe("an OpenTSDB sink", () => {
  test("has Heapster's defaults", () => {
    const [kind, cluster] = ["opentsdb", "k8s-cluster"];
    assert.deepEqual(sinkOf("opentsdb:"), { kind, server: "http://localhost:4242", cluster });
    const own = { kind, server: "http://tsd:4242", cluster: "c" };
    assert.deepEqual(sinkOf("opentsdb:http://tsd:4242?cluster=c"), own);
    assert.match(refusal("opentsdb:tcp://tsd:4242"), /http:\/\/host:port/);
  });
});

describe("a Kafka sink", () => {
  test("takes Heapster's options, and names its files", () => {
    const uri =
      "kafka:?brokers=a:9092&brokers=[::1]:9093&timeseriestopic=t&compression=lz4&cacert=ca.pem&cert=/c.pem&key=k.pem" +
      "&user=me&password=p";
    assert.deepEqual(shown(uri), {
      kind: "kafka",
      brokers: ["a:9092", "[::1]:9093"],
      topic: "t",
      compression: "lz4",
      tls: {
        insecureSkipVerify: false,
        caFile: "/etc/ca.pem",
        certFile: "/c.pem",
        keyFile: "/etc/k.pem",
      },
      login: { username: "me", password: "<secret>" },
    });
    assert.deepEqual(
      namedFiles(configuration, parse(uri)).map(({ path, owner }) => `${owner} ${path}`),
      ["sink kafka /etc/ca.pem", "sink kafka /c.pem", "sink kafka /etc/k.pem"],
    );
    assert.deepEqual(shown("kafka:?brokers=a:9092"), {
      kind: "kafka",
      brokers: ["a:9092"],
      topic: "heapster-metrics",
      compression: "none",
    });
    assert.equal(shown("kafka:?brokers=a:9092&insecuressl=true").tls.insecureSkipVerify, true);
  });

  test("is refused with what is allowed", () => {
    assert.match(refusal("kafka:"), /option brokers is needed/);
    assert.match(refusal("kafka:?brokers=a"), /brokers is host:port/);
    assert.match(refusal("kafka:?brokers=a:1&compression=zip"), /one of none, gzip, snappy, lz4, not "zip"/);
    assert.match(refusal("kafka:?brokers=a:1&cert=c.pem"), /cert and key go together/);
    assert.match(refusal("kafka:?brokers=a:1&timeseriestopic=a%20b"), /timeseriestopic must be letters/);
    assert.match(refusal("kafka:?brokers=a:1&broker=b:1"), /"broker" is not known; allowed are brokers,/);
  });
});

describe("an Elasticsearch sink", () => {
  test("takes its nodes from the URI or the option, and Heapster's defaults", () => {
    const defaults = { kind: "elasticsearch", index: "heapster", version: "5", pipeline: "" };
    assert.deepEqual(sinkOf("elasticsearch:http://es:9200"), { ...defaults, nodes: ["http://es:9200"] });
    const pasted =
      "elasticsearch:?nodes=http://a:9200&nodes=https://b:9200&index=k8s&ver=2&sniff=false&healthCheck=false" +
      "&esUserName=me&esUserSecret=s&cluster_name=c&pipeline=p";
    assert.deepEqual(shown(pasted), {
      kind: "elasticsearch",
      nodes: ["http://a:9200", "https://b:9200"],
      index: "k8s",
      version: "2",
      pipeline: "p",
      clusterName: "c",
      login: { username: "me", password: "<secret>" },
    });
  });

  test("is refused with what is allowed", () => {
    assert.match(refusal("elasticsearch:"), /it needs a host, .* or the option nodes/);
    assert.match(refusal("elasticsearch:http://a?ver=6"), /option ver must be one of 2, 5, 8, not "6"/);
    assert.match(refusal("elasticsearch:?nodes=a:9200"), /option nodes is http:\/\/host:9200/);
    assert.match(refusal("elasticsearch:?nodes=http://me:pw@a:9200"), /without a login/);
    assert.match(refusal("elasticsearch:http://a?index=A/b"), /option index must be small letters/);
  });
});

describe("a sink of Heapster's that Rollcall does not have", () => {
  test("is refused by name, with those that there are", () => {
    const others = "gcm stackdriver hawkular riemann graphite statsd librato wavefront honeycomb".split(" ");
    for (const key of others)
      assert.equal(
        refusal(`${key}:http://a`),
        `sink "${key}" is one of Heapster's that Rollcall does not have; there are elasticsearch, eventbridge, influxdb, kafka, log, metric, opentsdb, prometheus`,
      );
    assert.match(refusal("eventbridge:?bus=b"), /it takes none/);
  });
});
