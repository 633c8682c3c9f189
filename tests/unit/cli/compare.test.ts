import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { fakeServer, good, rollcall } from "./run.ts";
import { worldOf } from "./world.ts";

type Labels = Readonly<Record<string, string>>;

const configuration = `
scrape_configs:
- job_name: pods
  kubernetes_sd_configs: [{role: pod, api_server: "http://127.0.0.1:1"}]
  relabel_configs: [{action: drop, source_labels: [__meta_kubernetes_pod_phase], regex: Pending}]
`;

const discovered = (labels: Labels): Labels => ({
  job: "pods",
  __scrape_interval__: "1m",
  __scrape_timeout__: "10s",
  __metrics_path__: "/metrics",
  __scheme__: "http",
  ...labels,
});

/** Our side has these targets; Prometheus those, as it lists them. */
const compare = async (
  context: TestContext,
  {
    ours,
    active,
    dropped = [],
  }: { ours: readonly Labels[]; active: readonly Labels[]; dropped?: readonly Labels[] },
) => {
  const groups = ours.map((target, index) => ({
    source: `pod/shop/${index}`,
    labels: {},
    targets: [target],
  }));
  const provider = {
    provider: "kubernetes/a",
    mechanism: "kubernetes",
    cluster: "c",
    jobs: ["pods"],
    groups,
  };
  const server = await fakeServer(context, worldOf(configuration, [provider]));
  const prometheus = await fakeServer(context, ({ path }) =>
    path === "api/v1/targets"
      ? good({
          activeTargets: active.map((labels) => ({
            discoveredLabels: discovered(labels),
            labels: {},
            scrapePool: "pods",
          })),
          droppedTargets: dropped.map((labels) => ({
            discoveredLabels: discovered(labels),
            scrapePool: "pods",
          })),
        })
      : undefined,
  );
  const words = ["compare", "--server", server.url, "--prometheus", prometheus.url, "--wait", "0"];
  return rollcall(words);
};

const one = { __address__: "10.0.0.1:80", __meta_kubernetes_pod_name: "a" };
const two = {
  __address__: "10.0.0.2:80",
  __meta_kubernetes_pod_name: "b",
  __meta_kubernetes_pod_phase: "Pending",
};

describe("rollcall compare", () => {
  test("ends with 0 when both have the same, active and dropped", async (context) => {
    const { code, out } = await compare(context, { ours: [one, two], active: [one], dropped: [two] });
    assert.equal(code, 0);
    assert.match(out, /^pods: equal, 2 targets alike/);
  });

  test("names the label that differs, and targets that one side lacks, and ends with 1", async (context) => {
    const other = { ...one, __meta_kubernetes_pod_name: "z" };
    const third = { __address__: "10.0.0.3:80" };
    const { code, out } = await compare(context, { ours: [one, two], active: [other, third] });
    assert.equal(code, 1);
    assert.match(out, /10\.0\.0\.1:80: __meta_kubernetes_pod_name: ours "a", theirs "z"/);
    assert.match(out, /only ours: 10\.0\.0\.2:80/);
    assert.match(out, /only theirs: 10\.0\.0\.3:80/);
  });

  test("leaves out labels that only one version knows, and our own", async (context) => {
    const ours = { ...one, __meta_kubernetes_pod_deployment_name: "web", __meta_rollcall_cluster: "prod" };
    const { code, out } = await compare(context, { ours: [ours], active: [one] });
    assert.equal(code, 0, out);
    assert.match(out, /without \d labels that only one version knows/);
  });

  test("compares such labels once both sides know them", async (context) => {
    const name = "__meta_kubernetes_pod_deployment_name";
    const { code } = await compare(context, {
      ours: [{ ...one, [name]: "web" }],
      active: [{ ...one, [name]: "api" }],
    });
    assert.equal(code, 1);
  });

  test("takes one of several targets that end alike for all of them, as Prometheus shows one", async (context) => {
    const twin = { ...one, __meta_kubernetes_pod_name: "twin" };
    const { code, out } = await compare(context, { ours: [one, twin], active: [twin] });
    assert.equal(code, 0, out);
  });

  test("refuses a job that is not there", async (context) => {
    const { url } = await fakeServer(context, worldOf(configuration, []));
    const { code, err } = await rollcall(["compare", "--server", url, "--prometheus", url, "--job", "gone"]);
    assert.equal(code, 2);
    assert.match(err, /--job gone: there is no such job; there are pods/);
  });

  test("ends with 2 when there is nothing to compare: no job, or no target on either side", async (context) => {
    const none = await compare(context, { ours: [], active: [] });
    assert.deepEqual(
      [none.code, none.err],
      [2, "rollcall: nothing was compared: neither side has a target\n"],
    );
    const { url } = await fakeServer(context, ({ path }) =>
      path === "api/v1/scrape_pools" ? good({ scrapePools: [] }) : undefined,
    );
    const { code, err } = await rollcall(["compare", "--server", url, "--prometheus", url]);
    assert.deepEqual([code, err], [2, `rollcall: ${url} shows no job: there is nothing to compare\n`]);
  });
});
