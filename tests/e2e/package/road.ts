import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { podOf } from "../local/cluster.ts";
import { type Package, pack, unpack } from "./bundles.ts";
import { useInCloud } from "./incloud.ts";
import { judgeCalls } from "./judged.ts";
import { askAdapter, hosts } from "./measured.ts";
import { named, type Recorder, record } from "./recorded.ts";
import { bigTargets, node, pods, serves, startWorld, type World } from "./world.ts";

/** The main road, walked by the very bundles that would be deployed; what they ask of AWS is what their roles allow. */
describe("the packaged functions", () => {
  const folder = temporaryFolder("package");
  let packed: Package;
  let world: World;
  let recorder: Recorder;
  let followedSince: number;

  const reports = async () => providers.parse(JSON.parse(await world.get("api/v1/providers"))).data.providers;

  const health = (job: string, expected: string) =>
    eventually(`${job} is ${expected}`, 40, async () => {
      await world.reload();
      assert.equal((await reports()).find(({ jobs }) => jobs.includes(job))?.health, expected);
    });

  const isRecorded = (name: string, verb: string) =>
    recorder.calls.some((call) => call.function === name && call.target.endsWith(`.${verb}`));

  before(async () => {
    packed = await pack(`${folder.path}/package`);
    const root = named(await unpack(packed));
    recorder = record();
    world = await startWorld(root, folder.path);
  });
  after(async () => {
    await world?.close();
    recorder?.stop();
    folder.remove();
  });

  test("bring targets from clusters, the configuration and files to the door", async () => {
    for (const job of ["followed", "looked"]) await serves(world, job, pods);
    for (const job of ["fixed", "files"]) await serves(world, job, bigTargets);
    followedSince = performance.now();
  });

  test("pass a change on, by a watch and by a look", async () => {
    for (const server of [world.followed, world.looked]) server.apply(podOf("new", "10.1.1.1"));
    await serves(world, "followed", pods + 1);
    await eventually("a look that is due shows the change", 40, async () => {
      await world.reload();
      assert.equal(await world.targets("looked"), pods + 1);
    });
  });

  test("collect metrics of a node in the pool, and answer for them", async () => {
    await serves(world, "nodes", 1);
    // The schedule's first may have come before the settings were there.
    await world.cloud.functions.invoke("collect", { schedule: "collect" });
    await eventually("a batch of the node is kept", 100, async () =>
      assert.deepEqual(JSON.parse(await world.get("api/v1/model/nodes?cluster=followed")), ["test"]),
    );
    world.followed.apply({ ...node, metadata: { ...node.metadata, labels: { moved: "yes" } } });
  });

  test("replace a big group by another", async () => {
    const before = await world.get("sd/files");
    await world.configure({ big: true });
    await eventually("the file's new targets are served", 40, async () => {
      await world.reload();
      assert.notEqual(await world.get("sd/files"), before);
    });
  });

  test("hold removals back, let them go when told, and answer who asks", async () => {
    await vanish(world);
    // What a look holds a later one lets go, ten seconds on; a relay's waits for its next full check.
    for (const job of ["looked", "followed"]) {
      const provider = await eventually(`the guard holds ${job}`, 40, async () => {
        await world.reload();
        const one = (await reports()).find(({ jobs, guard }) => jobs.includes(job) && guard !== null);
        assert.ok(one, `nothing is held of ${job}`);
        return one.provider;
      });
      const answer = await fetch(`${world.url}/api/v1/providers/${provider}/guard/release`, {
        method: "POST",
      });
      assert.ok(answer.ok, await answer.text());
      await world.reload();
      await serves(world, job, 1);
    }
    const minuteAgo = new Date(Date.now() - 60_000).toISOString();
    for (const path of [
      "metrics",
      "api/v1/changes",
      "api/v1/groups?job=followed",
      "api/v1/explain?object=pod/shop/web-1",
      "api/v1/changes?job=files",
      "-/ready",
      `sd/followed?at=${minuteAgo}`,
      "",
    ]) {
      await fetch(`${world.url}/${path}`).then((answer) => answer.text());
    }
  });

  test("send what can never be applied to the dead letters", async () => {
    const Entries = [
      {
        EventBusName: process.env.BUS_NAME,
        Source: "rollcall.discovery",
        DetailType: "Target Group Changed",
        Detail: "{}",
      },
    ];
    await new EventBridgeClient().send(new PutEventsCommand({ Entries }));
    const letters = world.cloud.queues.find(
      ({ definition }) => definition.url === process.env.DEAD_LETTER_URL,
    );
    await eventually("the letter is there", 20, () => assert.equal(letters?.counts().visible, 1));
  });

  test("say how providers fare when their clusters fail and come back", async () => {
    const servers = [world.followed, world.looked];
    const faults = servers.map(({ faults: own }) => own.set({ fault: { kind: "status", code: 500 } }));
    for (const server of servers) server.dropWatches();
    for (const job of ["followed", "looked"]) await health(job, "failing");
    for (const fault of faults) fault.remove();
    for (const job of ["followed", "looked"]) await health(job, "ok");
  });

  test("drop a big body at once where no history is kept", async () => {
    await eventually("a body's pieces are removed", 60, async () => {
      await world.configure({ big: true, history: "off" });
      assert.ok(isRecorded("reduce", "DeleteItem"));
    });
  });

  test("collect again, of what has moved, and answer for both", async () => {
    // A minute is collected once: until the next has passed, who asks is told so.
    await eventually("the next minute's cycle has read what moved", 80, async () => {
      await world.cloud.functions.invoke("collect", { schedule: "collect" });
      assert.ok(recorder.calls.some((call) => call.function === "collect" && isOfIndex(call.input)));
    });
    for (const path of ["model/metrics/cpu-usage_rate", "metric-export"])
      await fetch(`${world.url}/api/v1/${path}?cluster=followed`).then((answer) => answer.text());
  });

  test("relist an adapter's metrics, and answer aggregators out of its Prometheus and of the model store", async () => {
    // One of a schedule may be at it, or have come before the settings were there.
    await eventually("the metrics of a Prometheus are listed and answered", 60, async () => {
      await world.cloud.functions.invoke("relist", { schedule: "relist" });
      const path = "/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/hits_per_second";
      const { status, body } = await askAdapter(world.cloud, hosts.series, path);
      assert.equal(status, 200, body);
      assert.equal(JSON.parse(body).items[0].value, "7");
    });
    const nodes = await askAdapter(world.cloud, hosts.usage, "/apis/metrics.k8s.io/v1beta1/nodes");
    assert.equal(nodes.status, 200, nodes.body);
    assert.equal(JSON.parse(nodes.body).items[0].metadata.name, "test");
  });

  test("retire what is gone from the configuration, and old configurations", async () => {
    for (let times = 1; times <= configurationsKept + 2; times += 1)
      await world.configure({ big: false, times });
    assert.ok(isRecorded("tick", "DeleteItem"));
    await eventually("the relay forgets the provider that is gone", 100, async () => {
      await world.reload();
      assert.ok(isRecorded("relay", "DeleteItem"));
    });
    assert.equal((await reports()).length, 2);
  });

  test("order a successor when a relay's time is over", async () => {
    await eventually("the relay has lasted so long that it orders one, not tick", 70, () =>
      assert.ok(performance.now() - followedSince > leastSlice),
    );
    world.cloud.stop();
    await world.cloud.functions.idle();
  });

  test("ask nothing of AWS that their roles do not allow, and use all that they allow", async () => {
    await world.close();
    const again = { root: await unpack(packed, "again"), folder: `${folder.path}/cloud` };
    const { printed, cloud } = await useInCloud(again, (by, target) =>
      recorder.calls.some((call) => call.function === by && call.target === target),
    );
    const { refused, unused } = judgeCalls(printed, cloud, recorder.calls);
    assert.deepEqual({ refused, unused }, { refused: [], unused: [] });
  });
});

const isOfIndex = (input: unknown) => Object(input).IndexName === "moved";

/** A relay that lasted less leaves its successor to tick (lib/relay/relay.ts), in milliseconds. */
const leastSlice = 60_000;

/** What was accepted once is kept so many times (lib/config/dynamodb.ts). */
const configurationsKept = 50;

const providers = z.object({
  data: z.object({
    providers: z.array(
      z.object({ provider: z.string(), jobs: z.array(z.string()), health: z.string(), guard: z.unknown() }),
    ),
  }),
});

/** All pods of both clusters but one go while nobody watches, so that only a list can tell. */
const vanish = async ({ followed, looked }: World) => {
  const fault = followed.faults.set({ on: "watch", fault: { kind: "status", code: 503 } });
  followed.dropWatches();
  for (const server of [followed, looked]) {
    for (let host = 1; host <= pods; host += 1) {
      server.remove("Pod", "shop", `web-${host}`);
    }
  }
  followed.compact();
  fault.remove();
};
