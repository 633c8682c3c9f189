import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { compareTargets } from "./compare.ts";
import { type DockerDaemon, startDocker } from "./docker/daemon.ts";
import { bothJobs, type DockerJob, dockerJobs, ourJob } from "./docker/jobs.ts";
import { openTlsDoor } from "./docker/tlsdoor.ts";
import { fillDocker, quickly, services, settled } from "./docker/world.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";
import { type Labels, type Prometheus, startPrometheus } from "./prometheus.ts";
import { type Rollcall, ready, reload, startRollcall } from "./rollcall.ts";

/**
 * A real Docker engine in Swarm mode, a real Prometheus 3.5 and the real program. Prometheus discovers each job by itself,
 * and once more through our HTTP SD list; both must show the same targets, label for label.
 */
describe("Docker discovery, judged by Prometheus", () => {
  const folder = temporaryFolder("docker");
  const stops: (() => Promise<void> | void)[] = [];
  let daemon: DockerDaemon;
  let rollcall: Rollcall;
  let prometheus: Prometheus;
  let jobs: readonly DockerJob[];
  let agreed: ReadonlyMap<string, readonly Labels[]>;

  before(async () => {
    daemon = await startDocker();
    stops.unshift(daemon.stop);
    await fillDocker(daemon);
    const door = await openTlsDoor(daemon.socket, folder.path);
    stops.unshift(door.close);
    jobs = dockerJobs(daemon, door);
    const config = join(folder.path, "prometheus.yml");
    writeFileSync(config, stringify({ scrape_configs: jobs.map(ourJob) }));
    rollcall = await startRollcall({ config, data: join(folder.path, "data") });
    stops.unshift(rollcall.stop);
    prometheus = await startPrometheus(jobs.flatMap((job) => bothJobs(job, rollcall.url)));
    stops.unshift(prometheus.stop);
    await ready(rollcall);
  });

  after(async () => {
    for (const stop of stops) await stop();
    folder.remove();
  });

  /** Waits until both sides show the same, and what `also` asks for; returns our targets by job. */
  const agree = (also: (targets: ReadonlyMap<string, readonly Labels[]>) => void) =>
    eventually("both sides have the same targets", 60, async () => {
      const found = await prometheus.targets();
      const side = (name: string) => (found.get(name) ?? []).map(plain);
      const ours = new Map(jobs.map(({ name }) => [name, side(`rollcall/${name}`)]));
      const lines = jobs.flatMap(({ name }) =>
        compareTargets((ours.get(name) ?? []).map(withoutNewer), side(`direct/${name}`))
          .slice(0, mostLines)
          .map((line) => `job ${name}: ${line}`),
      );
      assert.equal(lines.length, 0, lines.join("\n"));
      also(ours);
      return ours;
    });

  const valuesOf = (job: string, label: string) =>
    [...new Set((agreed.get(job) ?? []).map((labels) => labels[label]))].sort();

  test("both sides have the same targets for every job", async (t) => {
    // Two sides that know nothing yet would agree as well.
    agreed = await agree((targets) => {
      for (const { name } of jobs)
        assert.notEqual(targets.get(name)?.length, 0, `job ${name} has no targets`);
    });
    for (const [name, targets] of agreed) t.diagnostic(`${name}: ${targets.length} targets`);
    for (const report of await rollcall.providers()) assert.equal(report.lastError, "");
  });

  test("the world has what the comparison is for", () => {
    const swarm = "__meta_dockerswarm_";
    assert.deepEqual(valuesOf("services", `${swarm}service_name`), ["glob", "two", "web", "zero"]);
    assert.deepEqual(valuesOf("services-filtered", `${swarm}service_name`), ["two", "web"]);
    assert.deepEqual(valuesOf("services", `${swarm}service_mode`), ["global", "replicated"]);
    assert.deepEqual(valuesOf("services", `${swarm}network_name`), ["ingress", "inner", "over"].sort());
    assert.deepEqual(valuesOf("services", `${swarm}network_label_com_example_team`), ["ü", undefined]);
    assert.deepEqual(valuesOf("tasks", `${swarm}service_name`), ["glob", "rr", "two", "web"]);
    assert.deepEqual(valuesOf("tasks", `${swarm}task_port_publish_mode`), ["host", "ingress", undefined]);
    assert.deepEqual(valuesOf("tasks", `${swarm}container_label_com_example_of`), ["web", undefined]);
    assert.deepEqual(valuesOf("nodes", `${swarm}node_label_rack_row`), ["r 1"]);
    const names = (job: string) => valuesOf(job, "__meta_docker_container_name");
    assert.deepEqual(names("containers-filtered"), ["/ported", "/sharing"]);
    assert.ok(["/alone", "/hosted", "/portless"].every((name) => names("containers").includes(name)));
    assert.ok(!names("containers").includes("/gone"));
    assert.ok(valuesOf("containers-on-the-host", "__address__").includes("127.0.0.1:9"));
    const every = agreed.get("containers-every-network")?.length ?? 0;
    assert.ok(every > (agreed.get("containers")?.length ?? 0), `${every} targets on all networks`);
  });

  test("image and image id are labels that this Prometheus does not know yet", () => {
    assert.deepEqual(valuesOf("containers", "__meta_docker_container_image"), ["rollcall/sleeper:1"]);
    const [id = ""] = valuesOf("containers", "__meta_docker_container_image_id");
    assert.match(id, /^sha256:[0-9a-f]{64}$/);
  });

  test("both sides see an update, a smaller service, one that is removed and a container that goes", async () => {
    const { docker } = daemon;
    await docker("service", "update", ...quickly, "--env-add", "A=B", "two");
    await docker("service", "scale", "-d", "web=1");
    await docker("service", "rm", "rr");
    await docker("rm", "-f", "portless");
    const { rr: _gone, ...left } = services;
    await settled(daemon, { ...left, web: "1/1" });
    await eventually("the update is complete", 30, async () => {
      const state = await docker("service", "inspect", "two", "--format", "{{.UpdateStatus.State}}");
      assert.equal(state, "completed");
    });
    await reload(rollcall);
    agreed = await agree((targets) => {
      const found = JSON.stringify([...targets]);
      assert.doesNotMatch(found, /portless/);
      assert.match(found, /"__meta_dockerswarm_service_updating_status":"completed"/);
      assert.match(found, /"__meta_dockerswarm_task_state":"shutdown"/);
    });
  });

  test("an engine that does not answer is told in the status, on every transport, and its targets stay", async () => {
    const before = await Promise.all(jobs.map(({ name }) => rollcall.list(name)));
    daemon.freeze();
    await reload(rollcall);
    await eventually("every provider fails", 30, async () => {
      for (const { health, jobs: of } of await rollcall.providers())
        assert.equal(health, "failing", of.join());
    });
    // Of whatever was asked as the engine froze.
    for (const { lastError } of await rollcall.providers())
      assert.match(lastError, /^(unix|https?):\/\/[^\n]+\/(_ping|v[\d.]+\/[a-z/]+): /);
    assert.deepEqual(await Promise.all(jobs.map(({ name }) => rollcall.list(name))), before);
    daemon.thaw();
    await reload(rollcall);
    await eventually("every provider is well again", 30, async () => {
      for (const { health, jobs: of } of await rollcall.providers()) assert.equal(health, "ok", of.join());
    });
  });
});

const mostLines = 4;

/** Without what must differ: the job's name, and where an HTTP SD list came from. */
const plain = ({ job: _job, __meta_url: _url, ...labels }: Labels): Labels => labels;

/** Two labels came after the judge's release (spec §7). */
const withoutNewer = ({
  __meta_docker_container_image: _image,
  __meta_docker_container_image_id: _id,
  ...labels
}: Labels): Labels => labels;
