import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import type { ControlPlane } from "../control-plane.ts";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { type Agreed, agree, bothJobs, ourJob } from "../judge.ts";
import { jobOf, podOf } from "../local/cluster.ts";
import { type Prometheus, startPrometheus } from "../prometheus.ts";
import { type Rollcall, ready, reload, startRollcall } from "../rollcall.ts";
import { createAccounts } from "../world/accounts.ts";
import { type JudgedJob, judgedJobs } from "../world/jobs.ts";
import {
  addNode,
  changeIngresses,
  changeServices,
  relabelNamespace,
  removeNodes,
  rollOut,
  runJobs,
  type Stage,
} from "./changes.ts";
import { createKubelet } from "./kubelet.ts";
import { assertFresh, assertReactions, provoke, setReactions } from "./reactions.ts";
import { comeToRest } from "./rest.ts";
import { all, hides, shows } from "./seen.ts";
import { shownAfter, summaryOf } from "./shown.ts";

/** Prometheus watches the same control plane, and reads our lists; whenever that is at rest both must show the same. */
export const describeJudged = (clusterOf: () => ControlPlane) =>
  describe("the relay follows a cluster, judged by Prometheus", () => {
    const folder = temporaryFolder("relay");
    const config = join(folder.path, "prometheus.yml");
    const stops: (() => Promise<void>)[] = [];
    let stage: Stage;
    let rollcall: Rollcall;
    let prometheus: Prometheus;
    let jobs: readonly JudgedJob[];
    let logged: ApiServer;
    let startedAt: number;

    const configure = (scraped: readonly object[]) =>
      writeFileSync(config, stringify({ scrape_configs: [...scraped, jobOf("logged", logged)] }));
    const start = () => startRollcall({ config, data: join(folder.path, "data") });

    before(async () => {
      const cluster = clusterOf();
      stage = { cluster, kubelet: createKubelet(cluster, ["node-a"]) };
      jobs = judgedJobs(cluster, await createAccounts(cluster));
      await setReactions(cluster);
      logged = await startApiServer();
      stops.unshift(logged.close);
      logged.apply(podOf("web", "10.1.0.1"));
      configure(jobs.map(ourJob));
      startedAt = performance.now();
      rollcall = await start();
      stops.unshift(() => rollcall.stop());
      prometheus = await startPrometheus(jobs.flatMap((job) => bothJobs(job, rollcall.url)));
      stops.unshift(prometheus.stop);
      await ready(rollcall);
    });

    after(async () => {
      for (const stop of stops) await stop();
      folder.remove();
    });

    const agreed = (also: (agreed: Agreed) => void) => agree({ prometheus, jobs, seconds: 45, also });

    test("both sides have the same targets for every job", async () => {
      await agreed(({ targets }) => {
        for (const { name, refused = false } of jobs)
          assert.equal((targets.get(name)?.length ?? 0) > 0, !refused, `job ${name}`);
      });
    });

    test("every provider says that the relay follows it, and a refused one why it cannot", async () => {
      await eventually("the records are written", 20, async () => {
        const reports = await rollcall.providers();
        for (const { name, error } of jobs) {
          const report = reports.find((one) => one.jobs.includes(name));
          assert.equal(report?.followedBy, "relay", `job ${name}`);
          assert.match(report.lastError, error ?? /^$/, `job ${name}`);
          assert.doesNotMatch(report.lastError, /\n/, `job ${name}`);
        }
      });
    });

    test("a change is in the list at once", async (t) => {
      const times: number[] = [];
      for (let probe = 1; probe <= probes; probe += 1) {
        const text = `probe-${probe}-of-${probes}`;
        const metadata = { annotations: { probe: text } };
        await stage.cluster.ask("PATCH", "/api/v1/namespaces/shop/pods/plain", { metadata });
        times.push(await shownAfter(rollcall, { job: "pod", text, seconds: 5 }));
      }
      t.diagnostic(`from the answer to a patch until /sd/pod shows it: ${summaryOf(times)}`);
    });

    test("rolling updates, scaling up and down, and a set that goes", async () => {
      await rollOut(stage);
      await comeToRest(stage.cluster);
      await agreed(all(shows("endpointslice", "web-live"), hides("pod", "bare-set-")));
    });

    test("a change rebuilds what it rebuilds in Prometheus, and nothing else", async () => {
      await provoke(stage.cluster);
      await agreed(assertReactions);
      await comeToRest(stage.cluster);
      await agreed(assertFresh);
    });

    test("a node that comes, changes and goes, and one that leaves its pods behind", async () => {
      await addNode(stage);
      await comeToRest(stage.cluster);
      await agreed(all(shows("node", "node-new"), shows("pod-attach-node", "node_label_rack")));
      await removeNodes(stage);
      await comeToRest(stage.cluster);
      await agreed(
        all(hides("node", "node-new", "node-b"), hides("pod", "node-new"), shows("pod", "10.8.0.2")),
      );
    });

    test("services, ingresses, jobs and cron jobs that come, change and go", async () => {
      await changeServices(stage);
      await changeIngresses(stage);
      await runJobs(stage);
      await comeToRest(stage.cluster);
      await agreed(
        all(
          shows("service", "late.shop.svc:82", "many.shop.svc:81"),
          hides("service", "headless.shop"),
          shows("ingress", "late.example"),
          hides("ingress", "leaving.example"),
          shows("pod-attach-all", "pod_cronjob_name", '"export"', "Succeeded"),
          hides("pod", '"import"'),
        ),
      );
    });

    test("a namespace's new label is on everything in it at once", async () => {
      await relabelNamespace(stage);
      for (const { name } of jobs.filter((job) => /-attach-(all|namespace)$/.test(job.name)))
        await shownAfter(rollcall, { job: name, text: "new-storefront", seconds: 5 });
      await comeToRest(stage.cluster);
      await agreed(all(...jobs.filter(attachesNamespaces).map(({ name }) => hides(name, '"storefront"'))));
    });

    test("one list and one watch are all that a cluster is asked for, whatever the schedule does", async () => {
      // Counted at a second cluster, of which nobody else knows.
      await eventually("the schedule has fired again", 75, () =>
        assert.ok(performance.now() > startedAt + 65_000),
      );
      const kinds = logged.requests.entries.map(({ kind }) => kind);
      // First it is asked for both in one, which it declines.
      assert.deepEqual(kinds, ["watch", "list", "watch"]);
      assert.equal((await rollcall.list("logged")).length, 1);
    });

    test("a reload with other jobs keeps the rest served all along", async () => {
      const count = (await rollcall.list("pod")).length;
      const [, ...kept] = jobs.map(ourJob);
      const twin = {
        ...ourJob(jobs.find(({ name }) => name === "pod-attach-all") ?? never()),
        job_name: "late",
      };
      configure([...kept, twin]);
      let isReloaded = false;
      const reloading = reload(rollcall).finally(() => {
        isReloaded = true;
      });
      while (!isReloaded) assert.equal((await rollcall.list("pod")).length, count);
      assert.equal((await reloading).status, 200);
      await eventually("the new job is served", 10, async () => {
        assert.equal((await rollcall.list("pod")).length, count);
        assert.notEqual((await rollcall.list("late")).length, 0);
      });
    });

    test("it ends well when it is told to, and the next one takes up what happened meanwhile", async () => {
      await rollcall.stop();
      assert.equal(rollcall.exit(), 0, rollcall.output());
      const shop = "/api/v1/namespaces/shop/pods";
      await stage.cluster.ask("DELETE", `${shop}/leaving?gracePeriodSeconds=0`);
      await stage.cluster.ask("PATCH", `${shop}/plain`, {
        metadata: { annotations: { probe: "meanwhile" } },
      });
      rollcall = await start();
      await ready(rollcall);
      // The lease was given back: to wait for its end would take longer.
      await shownAfter(rollcall, { job: "pod", text: "meanwhile", seconds: 10 });
      assert.doesNotMatch(JSON.stringify(await rollcall.list("pod")), /"leaving"/);
      for (const { followedBy } of await rollcall.providers()) assert.equal(followedBy, "relay");
    });
  });

const probes = 30;

const attachesNamespaces = ({ name }: JudgedJob) => /-attach-(all|namespace)$/.test(name);

const never = (): never => {
  throw new Error("there is no such job");
};
