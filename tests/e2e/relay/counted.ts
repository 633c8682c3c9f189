import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import type { ControlPlane } from "../control-plane.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { type Rollcall, ready, reload, startRollcall } from "../rollcall.ts";
import { servedWatches, watchesSince } from "./watches.ts";

/** A watch per job is what users of other discoverers complain about. Nobody else may begin or end watches meanwhile. */
export const describeWatches = (clusterOf: () => ControlPlane) =>
  describe("the API server serves one watch per resource, namespace and selector", () => {
    const folder = temporaryFolder("watches");
    const config = join(folder.path, "prometheus.yml");
    let cluster: ControlPlane;
    let idle: ReadonlyMap<string, number>;
    let rollcall: Rollcall;

    before(async () => {
      cluster = clusterOf();
      idle = await steadyWatches(cluster);
      writeFileSync(config, stringify({ scrape_configs: jobsFor(cluster, 1) }));
      rollcall = await startRollcall({ config, data: join(folder.path, "data") });
      await ready(rollcall);
    });

    after(async () => {
      await rollcall.stop();
      folder.remove();
    });

    const serves = (expected: Readonly<Record<string, number>>) =>
      eventually("the API server serves these watches and no others", 30, async () =>
        assert.deepEqual(watchesSince(await servedWatches(cluster), idle), expected),
      );

    const listed = async (name: string) => {
      await eventually(`job ${name} is served`, 30, async () =>
        assert.notEqual((await rollcall.list(name)).length, 0),
      );
      for (const report of await rollcall.providers()) assert.equal(report.followedBy, "relay");
    };

    for (const [count, expected] of [
      [1, ofEndpoints],
      [5, ofAll],
      [50, ofAll],
    ] as const) {
      test(`for ${count} jobs`, async (t) => {
        writeFileSync(config, stringify({ scrape_configs: jobsFor(cluster, count) }));
        assert.equal((await reload(rollcall)).status, 200);
        await listed(`job-${count}`);
        await serves(expected);
        t.diagnostic(`${count} jobs: ${JSON.stringify(expected)}`);
      });
    }

    test("a selector has a watch of its own, however many jobs have it, and a namespace has none beside the whole", async () => {
      const narrow = narrowJobs(cluster);
      writeFileSync(config, stringify({ scrape_configs: [...jobsFor(cluster, 5), ...narrow] }));
      assert.equal((await reload(rollcall)).status, 200);
      for (const { job_name } of narrow) await listed(job_name);
      await serves({ ...ofAll, pods: 2 });
    });

    test("namespaces have one each, when no job wants the whole", async () => {
      const narrow = narrowJobs(cluster).filter(({ job_name }) => job_name.startsWith("namespaced"));
      writeFileSync(config, stringify({ scrape_configs: narrow }));
      assert.equal((await reload(rollcall)).status, 200);
      for (const { job_name } of narrow) await listed(job_name);
      await serves({ pods: 2 });
    });

    test("they end with the program", async () => {
      await rollcall.stop();
      await serves({});
    });
  });

/** The garbage collector finds a new kind of object within half a minute, and then watches it too. */
const steadyWatches = (cluster: ControlPlane) =>
  eventually("the controllers watch the slices", 60, async () => {
    const watches = await servedWatches(cluster);
    assert.ok((watches.get("endpointslices") ?? 0) > 0, "nobody watches endpointslices");
    return watches;
  });

const each = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));

const ofEndpoints = each("endpoints", "services", "pods", "nodes", "namespaces", "replicasets", "jobs");
const ofAll = { ...ofEndpoints, ...each("endpointslices", "ingresses") };

/** The first five differ in role, the rest in what they attach and in how often they want to look. */
const jobsFor = (cluster: ControlPlane, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const role = roles[index % roles.length] ?? "pod";
    const attach_metadata = {
      node: index < roles.length || index % 2 === 0,
      namespace: index < roles.length || index % 3 === 0,
      deployment: index < roles.length || index % 5 === 0,
      cronjob: index < roles.length || index % 7 === 0,
    };
    return jobOf(cluster, `job-${index + 1}`, { role, attach_metadata });
  });

const roles = ["endpoints", "endpointslice", "ingress", "service", "pod"];

const narrowJobs = (cluster: ControlPlane) => {
  const selectors = [{ role: "pod", label: "app=web" }];
  const inOne = (namespace: string) => ({ role: "pod", namespaces: { names: [namespace] } });
  return [
    jobOf(cluster, "selected", { role: "pod", selectors }),
    jobOf(cluster, "selected-attach", { role: "pod", selectors, attach_metadata: { node: true } }),
    jobOf(cluster, "namespaced-shop", inOne("shop")),
    jobOf(cluster, "namespaced-shop-attach", { ...inOne("shop"), attach_metadata: { job: false } }),
    jobOf(cluster, "namespaced-data", inOne("data")),
  ];
};

const jobOf = (cluster: ControlPlane, job_name: string, block: object) => ({
  job_name,
  kubernetes_sd_configs: [
    {
      ...block,
      api_server: cluster.url,
      tls_config: { ca_file: cluster.caFile },
      authorization: { credentials_file: cluster.readerTokenFile },
    },
  ],
});
