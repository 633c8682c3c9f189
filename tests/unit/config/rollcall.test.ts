import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConfigurationError } from "../../../lib/config/error.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";
import { understand } from "../../../lib/config/understand.ts";

const { configuration } = parseConfiguration({
  main: { path: "prometheus.yml", text: "scrape_configs: [{job_name: pods}]" },
  jobFiles: [],
});
const parse = (text: string) => parseSettings({ path: "/etc/rollcall.yml", text }, configuration);

describe("rollcall.yml", () => {
  test("may be absent or empty", () => {
    const guard = { maxRemoved: 0.5, minRemoved: 10 };
    const nothing = {
      clusters: [],
      jobs: [],
      guard,
      history: { retention: 7 * 86_400_000 },
      tokens: [],
      adapters: [],
    };
    assert.deepEqual(parseSettings(undefined, configuration), nothing);
    assert.deepEqual(parse(""), nothing);
    assert.deepEqual(parse("guard: {}"), nothing);
    assert.deepEqual(parse("guard:"), nothing);
  });

  test("names clusters by API server, kubeconfig, masters, Docker host, or the one around us", () => {
    const { clusters } = parse(`
clusters:
- {name: a, api_server: "https://127.0.0.1:6443", authorization: {credentials_file: token}, every: 30s}
- {name: b, kubeconfig_file: b.conf}
- {name: c, masters: ["http://127.0.0.1:2375"]}
- {name: d}
- {name: e, host: "unix:///var/run/docker.sock"}
`);
    assert.deepEqual(
      clusters.map(({ name, access, every }) => [name, access.kind, every]),
      [
        ["a", "api-server", 30_000],
        ["b", "kubeconfig", undefined],
        ["c", "masters", undefined],
        ["d", "in-cluster", undefined],
        ["e", "host", undefined],
      ],
    );
    const [a, b, , , e] = clusters;
    assert.equal(e?.access.kind === "host" && e.access.host, "unix:///var/run/docker.sock");
    assert.equal(b?.access.kind === "kubeconfig" && b.access.file, "/etc/b.conf");
    assert.equal(
      a?.access.kind === "api-server" && a.access.httpClient.authorization?.credentialsFile,
      "/etc/token",
    );
  });

  test("says of each cluster who keeps up with it, or leaves it open", () => {
    const { clusters } = parse(
      "clusters: [{name: a, follow: relay}, {name: b, follow: schedule}, {name: c}]",
    );
    assert.deepEqual(
      clusters.map(({ follow }) => follow),
      ["relay", "schedule", undefined],
    );
  });

  test("narrows the clusters of a job", () => {
    assert.deepEqual(parse("jobs: [{name: pods, clusters: ['prod-*']}]").jobs, [
      { name: "pods", clusters: ["prod-*"] },
    ]);
  });

  test("says how long history is kept, or that none is", () => {
    assert.equal(parse("history: {}").history.retention, 7 * 86_400_000);
    assert.equal(parse("history: {retention: 30d}").history.retention, 30 * 86_400_000);
    assert.equal(parse("history: {retention: 0}").history.retention, 0);
  });

  test("sets the guard's limits, each by itself", () => {
    assert.deepEqual(parse("guard: {max_removed: 1}").guard, { maxRemoved: 1, minRemoved: 10 });
    assert.deepEqual(parse("guard: {min_removed: 0}").guard, { maxRemoved: 0.5, minRemoved: 0 });
    assert.deepEqual(parse("guard: {max_removed: .2, min_removed: 3}").guard, {
      maxRemoved: 0.2,
      minRemoved: 3,
    });
  });

  const mistakes: [string, RegExp][] = [
    ["guard: {colour: green}", /:1:9: line 1: field colour not found in type settings\.guard/],
    ["guard: {max_removed: 0}", /:1:22: max_removed must be a share of the targets: above 0, at most 1/],
    ["guard: {max_removed: 1.01}", /max_removed must be a share/],
    ["guard: {max_removed: .nan}", /max_removed must be a share/],
    ["guard: {max_removed: half}", /cannot unmarshal !!str `half` into float64/],
    ["guard: {min_removed: -1}", /:1:22: min_removed must be a whole number of targets: 0 or more/],
    ["guard: {min_removed: 2.5}", /min_removed must be a whole number/],
    ["guard: {min_removed: .inf}", /min_removed must be a whole number/],
    ["guard: {min_removed: 1, min_removed: 2}", /field min_removed already set in type settings\.guard/],
    ["history: {retention: 401d}", /:1:22: retention must be between 1h and 400d, or 0 to keep no history/],
    ["history: {retention: 59m}", /retention must be between 1h and 400d/],
    ["history: {retention: ever}", /:1:22: not a valid duration string: "ever"/],
    ["history: {kept: 7d}", /:1:11: line 1: field kept not found in type settings\.history/],
    ["guard: 5", /cannot unmarshal !!int `5` into settings\.guard/],
    ["colour: green", /rollcall\.yml:1:1: line 1: field colour not found in type settings/],
    [
      "clusters: [{name: a, colour: green}]",
      /:1:22: line 1: field colour not found in type settings\.cluster/,
    ],
    ["clusters: [{api_server: 'https://x'}]", /a cluster needs a name/],
    [
      "clusters: [{name: a, api_server: 'https://x', kubeconfig_file: b}]",
      /one of api_server, kubeconfig_file, host and masters/,
    ],
    [
      "clusters: [{name: a, masters: ['http://x'], host: 'tcp://x'}]",
      /one of api_server, kubeconfig_file, host and masters/,
    ],
    [
      "clusters: [{name: a, host: /run/docker.sock}]",
      /:1:28: host must be a Docker daemon's URL, such as unix:/,
    ],
    ["clusters: [{name: a, host: 'tcp://me:hunter2@[x'}]", /parse "<secret>"/],
    ["clusters: [{name: a, follow: watch}]", /:1:30: follow must be relay or schedule, not "watch"/],
    ["clusters: [{name: a, follow: ''}]", /follow must be relay or schedule, not ""/],
    ["clusters: [{name: a, bearer_token: x}]", /an HTTP client configuration needs an api_server/],
    [
      "clusters: [{name: a, eks: {region: eu-central-1}}]",
      /eks cluster_name must be the name of an EKS cluster/,
    ],
    [
      "clusters: [{name: a, eks: {cluster_name: 'x\\r\\ny', region: eu-central-1}}]",
      /eks cluster_name must be/,
    ],
    [
      "clusters: [{name: a, eks: {cluster_name: x, region: evil.example/#}}]",
      /:1:53: eks region must be a region/,
    ],
    [
      "clusters: [{name: a, eks: {cluster_name: x, region: eu-central-1, role_arn: admin}}]",
      /eks role_arn must be/,
    ],
    [
      "clusters: [{name: a, eks: {cluster_name: x, region: eu-central-1}, kubeconfig_file: k}]",
      /one of api_server, kubeconfig_file, host and masters|beside eks a cluster may have api_server/,
    ],
    [
      "clusters: [{name: a, eks: {cluster_name: x, region: eu-central-1}, bearer_token: t}]",
      /eks signs its own tokens: no other credentials may stand beside it/,
    ],
    ["clusters: [{name: a, every: soon}]", /not a valid duration string: "soon"/],
    ["clusters: [{name: a, every: 10ms}]", /every must be at least 1s/],
    ["clusters: [{name: a, api_server: nowhere}]", /api_server must be a URL/],
    ["jobs: [{name: nope, clusters: ['*']}]", /:1:15: no job is named "nope"/],
    ["jobs: [{name: pods}]", /a job needs clusters/],
    ["clusters: {", /rollcall\.yml:1:\d+: yaml: /],
  ];
  for (const [text, message] of mistakes) {
    test(`refuses ${text}`, () => {
      assert.throws(
        () => parse(text),
        (error) => error instanceof ConfigurationError && message.test(error.message),
      );
    });
  }

  test("tells every mistake at once", () => {
    assert.throws(
      () => parse("clusters: [{name: a, x: 1}, {name: b, y: 2}]"),
      (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.equal(error.findings.length, 2);
        return true;
      },
    );
  });
});

describe("a reference in rollcall.yml", () => {
  const withValues = (text: string, values?: Record<string, string>) =>
    parseSettings({ path: "/etc/rollcall.yml", text }, configuration, values);

  test("is refused with its place where nothing resolves it: on one machine", () => {
    assert.throws(() => parse("guard: {min_removed: '${ssm:/min}'}"), {
      message: /^\/etc\/rollcall\.yml:1:\d+: min_removed: a reference is resolved in the cloud only/,
    });
  });

  test("is resolved at each use of an anchor, but where a credential stands", () => {
    const { clusters } = withValues(
      "clusters: [{name: &x '${ssm:/x}', api_server: 'https://a', authorization: {credentials: *x}}, {name: *x, masters: ['http://b']}]",
      { "${ssm:/x}": "one" },
    );
    assert.deepEqual(
      clusters.map(({ name }) => name),
      ["one", "one"],
    );
    const [first] = clusters;
    assert.ok(first?.access.kind === "api-server");
    assert.equal(first.access.httpClient.authorization?.credentials?.reveal(), "${ssm:/x}");
  });

  test("is resolved in lists, and as a part of a text, without becoming more than that", () => {
    const text = "jobs: [{name: pods, clusters: ['${ssm:/x}-*', b]}]";
    const { jobs } = withValues(text, { "${ssm:/x}": "a], c: [" });
    assert.deepEqual(jobs, [{ name: "pods", clusters: ["a], c: [-*", "b"] }]);
  });
});

describe("a Kubernetes block without an API server", () => {
  const main = {
    path: "prometheus.yml",
    text: "scrape_configs: [{job_name: pods, kubernetes_sd_configs: [{role: pod}]}]",
  };
  const document = { main, jobFiles: [], servers: {}, inCluster: false };

  test("is refused when no cluster is known, naming --kubeconfig FILE", () => {
    assert.throws(() => understand(document), /job "pods".*--kubeconfig FILE/);
  });

  test("means the cluster around us, that of --kubeconfig, or those of the settings", () => {
    const settings = { path: "rollcall.yml", text: "clusters: [{name: a, kubeconfig_file: a.conf}]" };
    assert.deepEqual(understand({ ...document, inCluster: true }).settings.clusters, []);
    assert.equal(understand({ ...document, settings }).settings.clusters.length, 1);
    const [entry] = understand({ ...document, kubeconfig: "/home/me/config" }).settings.clusters;
    assert.deepEqual(entry, { access: { kind: "kubeconfig", file: "/home/me/config" } });
  });
});
