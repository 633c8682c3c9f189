import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { acceptedDifferences } from "./accepted.ts";
import { compareTargets } from "./compare.ts";
import { answeredLists, type ControlPlane, startControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { type Agreed, agree, bothJobs, ourJob } from "./judge.ts";
import { type Labels, type Prometheus, startPrometheus } from "./prometheus.ts";
import { type Rollcall, ready, startRollcall } from "./rollcall.ts";
import { createAccounts } from "./world/accounts.ts";
import { changeWorld } from "./world/change.ts";
import { fillWorld } from "./world/fill.ts";
import { type JudgedJob, judgedJobs } from "./world/jobs.ts";
import { namespaceLabels } from "./world/namespaces.ts";

/**
 * A real control plane, a real Prometheus 3.5 and the real program, which looks every minute as the cloud's default is.
 * Prometheus discovers each job by itself, and once more through our HTTP SD list; both must show the same targets, label for
 * label.
 */
describe("Kubernetes discovery on a schedule, judged by Prometheus", () => {
  const folder = temporaryFolder("kubernetes");
  const stops: (() => Promise<void>)[] = [];
  let cluster: ControlPlane;
  let rollcall: Rollcall;
  let prometheus: Prometheus;
  let jobs: readonly JudgedJob[];
  let agreed: Agreed;

  before(async () => {
    cluster = await startControlPlane();
    stops.unshift(cluster.stop);
    await fillWorld(cluster);
    jobs = judgedJobs(cluster, await createAccounts(cluster));
    const config = join(folder.path, "prometheus.yml");
    writeFileSync(config, stringify({ scrape_configs: jobs.map(ourJob) }));
    const settings = join(folder.path, "rollcall.yml");
    writeFileSync(settings, stringify({ clusters: scheduled(cluster) }));
    rollcall = await startRollcall({ config, settings, data: join(folder.path, "data") });
    stops.unshift(rollcall.stop);
    prometheus = await startPrometheus(jobs.flatMap((job) => bothJobs(job, rollcall.url)));
    stops.unshift(prometheus.stop);
    await ready(rollcall);
  });

  after(async () => {
    for (const stop of stops) await stop();
    folder.remove();
  });

  const targetsOf = (job: string): readonly Labels[] => agreed.targets.get(job) ?? [];
  const labelsOf = (job: string, label: string, value: string): Labels =>
    targetsOf(job).find((labels) => labels[`__meta_kubernetes_${label}`] === value) ?? {};

  test("both sides have the same targets for every job", async (t) => {
    // Two sides that know nothing yet would agree as well.
    const filled = (now: Agreed) => {
      for (const { name, refused = false } of jobs) {
        const count = now.targets.get(name)?.length ?? 0;
        assert.equal(count > 0, !refused, `job ${name} has ${count} targets`);
      }
    };
    // A look that a busy machine let fail is repaired by the next minute's.
    agreed = await agree({ prometheus, jobs, seconds: 100, also: filled });
    for (const { name } of jobs) t.diagnostic(`${name}: ${targetsOf(name).length} targets`);
  });

  test("each accepted difference occurs, so that none outlives its reason", () => {
    const idle = acceptedDifferences.filter((difference) => !agreed.used.has(difference));
    assert.deepEqual(
      idle.map(({ reason }) => reason),
      [],
    );
  });

  test("what is newer than the judge is as the objects have it", () => {
    const node = labelsOf("node", "node_name", "node-a");
    assert.equal(node.__meta_kubernetes_node_condition_ready, "true");
    assert.equal(node.__meta_kubernetes_node_condition_example_com_odd_type, "unknown");
    const balanced = labelsOf("service", "service_name", "balanced");
    assert.equal(balanced.__meta_kubernetes_service_loadbalancer_ip, "10.7.0.1,10.7.0.2");
    for (const role of ["pod", "endpoints"]) {
      const web = labelsOf(`${role}-attach-all`, "pod_label_app", "web");
      assert.equal(web.__meta_kubernetes_pod_deployment_name, "web");
    }
    const imported = labelsOf("pod-attach-all", "pod_label_app", "import");
    assert.equal(imported.__meta_kubernetes_pod_job_name, "import");
    const nightly = labelsOf("pod-attach-all", "pod_label_app", "nightly");
    assert.equal(nightly.__meta_kubernetes_pod_cronjob_name, "nightly");
    const attaching = jobs.filter(({ name }) => /-attach-(all|namespace)$/.test(name));
    assert.equal(attaching.length, 5);
    for (const labels of attaching.flatMap(({ name }) => targetsOf(name))) assertNamespaceLabels(labels);
  });

  test("a refused job says why in one line, and the others go on", async () => {
    const reports = await rollcall.providers();
    for (const { name, error } of jobs) {
      const report = reports.find((one) => one.jobs.includes(name));
      assert.ok(report, `no provider for job ${name}`);
      assert.match(report.lastError, error ?? /^$/, `job ${name}`);
      assert.doesNotMatch(report.lastError, /\n/, `job ${name}`);
      assert.equal(report.followedBy, "schedule");
    }
  });

  test("a further look lists each resource once for all jobs alike, and announces nothing", async () => {
    const before = await state();
    const providers = (await rollcall.providers()).length;
    await eventually("the next look ends", 75, async () =>
      assert.ok((await state()).looks >= before.looks + providers),
    );
    const now = await state();
    assert.equal(now.changes, before.changes);
    const lists = (resource: string) => (now.lists.get(resource) ?? 0) - (before.lists.get(resource) ?? 0);
    // Everywhere, which answers for `data` as well, and by label.
    assert.equal(lists("ingresses"), 2);
    // Everywhere, for the node role and for what attaches nodes, and by label.
    assert.equal(lists("nodes"), 2);
    // For the three jobs that attach deployments.
    assert.equal(lists("replicasets"), 1);
  });

  const state = async () => ({
    looks: await rollcall.metric("rollcall_provider_looks_total"),
    changes: await rollcall.metric("rollcall_provider_changes_total"),
    lists: await answeredLists(cluster),
  });

  test("both sides agree again after the world has changed", async () => {
    const before = agreed;
    await changeWorld(cluster);
    const moved = (now: Agreed) => {
      for (const job of ["pod", "ingress", "node", "service", "endpoints"]) {
        const differences = compareTargets(now.targets.get(job) ?? [], before.targets.get(job) ?? []);
        assert.notEqual(differences.length, 0, `job ${job} has not changed yet`);
      }
    };
    agreed = await agree({ prometheus, jobs, seconds: 120, also: moved });
    assert.deepEqual(labelsOf("pod", "pod_name", "leaving"), {});
    assert.deepEqual(labelsOf("ingress", "ingress_name", "leaving"), {});
    const web = new Set(
      targetsOf("endpoints")
        .filter((labels) => labels.__meta_kubernetes_endpoints_name === "web")
        .map((labels) => labels.__meta_kubernetes_pod_name),
    );
    assert.equal(web.size, 3);
  });
});

/**
 * Locally a cluster is followed unless the settings say otherwise. With half a minute a look is due whenever the schedule
 * fires, however long the last one took.
 */
const scheduled = ({ url, kubeconfig }: ControlPlane) => [
  { name: "by-server", api_server: url, follow: "schedule", every: "30s" },
  { name: "by-file", kubeconfig_file: kubeconfig, follow: "schedule", every: "30s" },
];

const assertNamespaceLabels = (labels: Labels) => {
  const expected = namespaceLabels[labels.__meta_kubernetes_namespace ?? ""] ?? {};
  for (const [name, value] of Object.entries(expected)) {
    const label = name.replaceAll(/\W/g, "_");
    // Prometheus does not show an empty label.
    assert.equal(labels[`__meta_kubernetes_namespace_label_${label}`] ?? "", value);
    assert.equal(labels[`__meta_kubernetes_namespace_labelpresent_${label}`], "true");
  }
};
