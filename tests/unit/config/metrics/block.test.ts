import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { ConfigurationError } from "../../../../lib/config/error.ts";
import type { MetricsSettings } from "../../../../lib/config/metrics/settings.ts";
import { parseConfiguration } from "../../../../lib/config/parse.ts";
import { parseSettings } from "../../../../lib/config/rollcall.ts";

const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });

const parse = (metrics: string): MetricsSettings => {
  const file = { path: "/etc/rollcall.yml", text: `metrics: {${metrics}}` };
  return parseSettings(file, configuration).metrics ?? assert.fail("no metrics");
};
const sourceOf = (uri: string) => parse(`sources: [${JSON.stringify(uri)}]`).sources[0];
const sinkOf = (uri: string) => parse(`sources: ["kubernetes:"], sinks: [${JSON.stringify(uri)}]`).sinks[0];

const refusal = (metrics: string): string => {
  try {
    parse(metrics);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.findings.map(({ message }) => message).join("\n");
    throw error;
  }
  return assert.fail("it was accepted");
};
const refusedSource = (uri: string) => refusal(`sources: [${JSON.stringify(uri)}]`);
const refusedSink = (uri: string) => refusal(`sources: ["kubernetes:"], sinks: [${JSON.stringify(uri)}]`);

describe("metrics of rollcall.yml", () => {
  test("have Heapster's defaults, and a metric sink at the end", () => {
    const metrics = parse('sources: ["kubernetes.summary_api:"], sinks: [log]');
    assert.equal(metrics.resolution, 60_000);
    assert.equal(metrics.sinkTimeout, 20_000);
    assert.equal(metrics.exports, true);
    assert.deepEqual(metrics.sinks, [{ kind: "log" }, { kind: "metric" }]);
    assert.deepEqual(metrics.sources, [
      {
        kind: "kubernetes.summary_api",
        cluster: { kind: "settings", glob: "*" },
        kubelet: { port: 10_255, https: false, insecure: false, proxy: false },
        nodesFrom: "list",
        hostIdAnnotation: "",
      },
    ]);
    assert.deepEqual(metrics.labels, { separator: ",", ignored: [], stored: new Map() });
  });

  test("are absent when they are not written", () => {
    assert.equal(parseSettings({ path: "r.yml", text: "guard: {}" }, configuration).metrics, undefined);
  });

  test("take the other flags of Heapster's command line", () => {
    const metrics = parse(
      'resolution: 2m, sources: ["kubernetes:"], sinks: [log, metric], sink_export_data_timeout: 5s, ' +
        'disable_export: true, label_separator: ";", ignore_label: [pod-hash], store_label: [app, tier=layer]',
    );
    assert.equal(metrics.resolution, 120_000);
    assert.equal(metrics.sinkTimeout, 5_000);
    assert.equal(metrics.exports, false);
    assert.deepEqual(metrics.sinks, [{ kind: "log" }, { kind: "metric" }]);
    assert.deepEqual(metrics.labels, {
      separator: ";",
      ignored: ["pod-hash"],
      stored: new Map([
        ["app", "app"],
        ["layer", "tier"],
      ]),
    });
    assert.deepEqual(parse('sources: ["kubernetes:"], disable_metric_sink: true').sinks, []);
  });

  test("need sources, each once, at a resolution that a schedule can keep", () => {
    assert.match(refusal("sinks: [log]"), /metrics needs sources/);
    assert.match(refusal('sources: ["kubernetes:", "kubernetes:"]'), /this kubernetes is written twice/);
    for (const resolution of ["4s", "5500ms", "90s", "30m"])
      assert.match(
        refusal(`resolution: ${resolution}, sources: ["kubernetes:"]`),
        /whole seconds from 5s to 59s, or whole minutes from 1m to 15m/,
      );
    for (const [resolution, expected] of [
      ["5s", 5_000],
      ["59s", 59_000],
      ["15m", 900_000],
    ] as const)
      assert.equal(parse(`resolution: ${resolution}, sources: ["kubernetes:"]`).resolution, expected);
    assert.match(refusal('sources: ["kubernetes:"], sink_export_data_timeout: 2m'), /between 1s and 60s/);
    assert.match(refusal('sources: ["kubernetes:"], store_label: ["a=b=c"]'), /name or newName=name/);
  });
});

describe("a source", () => {
  test("is pasted from Heapster's own command lines", () => {
    const kubelet = { port: 10_250, https: true, insecure: true, proxy: false };
    const pasted =
      "kubernetes.summary_api:''?useServiceAccount=true&kubeletHttps=true&kubeletPort=10250&insecure=true";
    assert.deepEqual(sourceOf(pasted)?.kubelet, kubelet);
    assert.deepEqual(sourceOf(pasted)?.cluster, { kind: "settings", glob: "*" });
    assert.deepEqual(sourceOf("kubernetes:https://kubernetes.default")?.cluster, {
      kind: "server",
      server: "https://kubernetes.default",
    });
    assert.deepEqual(
      sourceOf("kubernetes:http://[::1]:8080?inClusterConfig=false&useServiceAccount=1")?.cluster,
      {
        kind: "bare",
        server: "http://[::1]:8080",
        serviceAccount: true,
        insecure: false,
      },
    );
    assert.deepEqual(sourceOf("kubernetes:https://a:6443?inClusterConfig=false&auth=kube.conf")?.cluster, {
      kind: "kubeconfig",
      file: "/etc/kube.conf",
      server: "https://a:6443",
    });
  });

  test("may choose clusters of the settings and the API server's proxy", () => {
    const source = sourceOf(
      "kubernetes.summary_api:?cluster=prod-*&kubeletProxy=true&host_id_annotation=a/b",
    );
    assert.deepEqual(source?.cluster, { kind: "settings", glob: "prod-*" });
    assert.equal(source?.kubelet.proxy, true);
    assert.equal(source?.hostIdAnnotation, "a/b");
    assert.equal(source?.nodesFrom, "list");
    assert.equal(sourceOf("kubernetes:?nodes=pool")?.nodesFrom, "pool");
  });

  test("is refused with what is allowed", () => {
    assert.match(
      refusedSource("gce:"),
      /source "gce" is not known; there are kubernetes, kubernetes\.summary_api/,
    );
    assert.match(refusedSource(":http://a"), /KEY:URI, and this one has no key/);
    assert.match(
      refusedSource("kubernetes:?port=1"),
      /kubernetes: option "port" is not known; allowed are auth, cluster, inClusterConfig, insecure, kubeletHttps, kubeletPort, kubeletProxy, nodes, useServiceAccount/,
    );
    assert.match(refusedSource("kubernetes:?host_id_annotation=a"), /"host_id_annotation" is not known/);
    assert.match(refusedSource("kubernetes:?nodes=x"), /option nodes must be one of list, pool, not "x"/);
    assert.match(refusedSource("kubernetes:?insecure=yes"), /insecure must be true or false, not "yes"/);
    assert.match(
      refusedSource("kubernetes:?kubeletPort=70000"),
      /kubeletPort must be a whole number from 1 to 65535/,
    );
    assert.match(refusedSource("kubernetes:?kubeletPort=1&kubeletPort=2"), /kubeletPort is given 2 times/);
    assert.match(
      refusedSource("kubernetes:?inClusterConfig=false"),
      /invalid kubernetes master url specified/,
    );
    assert.match(refusedSource("kubernetes:?auth=a"), /auth needs inClusterConfig=false/);
    assert.match(refusedSource("kubernetes:ftp://a"), /begins with http:\/\/ or https:\/\//);
    assert.match(refusedSource("kubernetes:https://a?cluster=b"), /option cluster chooses/);
    assert.match(refusedSource("kubernetes:https://$HOST"), /variables such as \$NAME are not expanded here/);
    assert.match(refusedSource("kubernetes:http://a:b"), /invalid port/);
  });
});

describe("a sink", () => {
  test("of InfluxDB has Heapster's defaults and options", () => {
    const sink = sinkOf("influxdb:");
    assert.ok(sink?.kind === "influxdb");
    const { password, ...rest } = sink;
    assert.equal(password.reveal(), "root");
    assert.deepEqual(rest, {
      kind: "influxdb",
      server: "http://localhost:8086",
      user: "root",
      database: "k8s",
      retention: "0",
      withFields: false,
      insecureTls: false,
      withoutCounters: false,
      concurrency: 1,
    });
    const other = sinkOf(
      "influxdb:http://influx:8086?secure=true&db=m&user=u&withfields=t&retention=30d&cluster_name=c&concurrency=4&disable_counter_metrics=1",
    );
    assert.ok(other?.kind === "influxdb");
    assert.equal(other.server, "https://influx:8086");
    assert.deepEqual(
      [
        other.database,
        other.withFields,
        other.retention,
        other.clusterName,
        other.concurrency,
        other.withoutCounters,
      ],
      ["m", true, "30d", "c", 4, true],
    );
  });

  test("is refused with what is allowed, without its password", () => {
    assert.match(refusedSink("monasca:"), /sink "monasca" is not known; there are elasticsearch, /);
    assert.match(refusedSink("log:?a=1"), /log: option "a" is not known; it takes none/);
    assert.match(
      refusedSink("influxdb:?concurrency=0"),
      /concurrency must be a whole number from 1 to 64, not "0"/,
    );
    assert.match(refusedSink("influxdb:?retention=soon"), /retention must be a duration/);
    const password = "correct horse battery staple";
    const refused = refusedSink(`influxdb:http://influx:8086?pw=${encodeURIComponent(password)}&x=1`);
    assert.doesNotMatch(refused, /horse/);
    assert.doesNotMatch(
      inspect(sinkOf(`influxdb:?pw=${encodeURIComponent(password)}`), { depth: 5 }),
      /horse/,
    );
  });

  test("tells of the past when it can and is written the same", () => {
    const metrics = parse(
      'sources: ["kubernetes:"], sinks: [log, "influxdb:http://a:8086?pw=x"], historical_source: "influxdb:http://a:8086?pw=x"',
    );
    assert.equal(metrics.historicalSource, metrics.sinks[1]);
    assert.match(
      refusal('sources: ["kubernetes:"], sinks: ["influxdb:"], historical_source: "influxdb:http://a"'),
      /exactly as one of sinks/,
    );
    assert.match(
      refusal('sources: ["kubernetes:"], sinks: [log], historical_source: log'),
      /only influxdb can/,
    );
  });
});
