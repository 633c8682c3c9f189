import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemoryBus } from "../../../lib/bus/memory.ts";
import {
  type AcceptedConfigurations,
  type AcceptedDocument,
  createMemoryAccepted,
} from "../../../lib/config/accepted.ts";
import { createMemoryReloads, type Reloads } from "../../../lib/config/reload.ts";
import type { FollowMode } from "../../../lib/config/settings.ts";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { answerReload } from "../../../lib/door/reload.ts";
import type { HistoryLog } from "../../../lib/history/log.ts";
import { createMemoryHistory } from "../../../lib/history/memory.ts";
import type { Leases } from "../../../lib/lease/lease.ts";
import { createMemoryLeases } from "../../../lib/lease/memory.ts";
import { shareLimits } from "../../../lib/lease/share.ts";
import { createLog } from "../../../lib/log.ts";
import { silentMeter } from "../../../lib/meter.ts";
import type { ReducerLag } from "../../../lib/pool/lag.ts";
import { createMemoryLag, createMemoryStatuses } from "../../../lib/pool/memory.ts";
import type { Statuses } from "../../../lib/pool/status.ts";
import { discoveryDue, relayDue, relayDueSchema } from "../../../lib/targetgroup/event.ts";
import { tick } from "../../../lib/tick/tick.ts";
import { status } from "../../fakes/providers.ts";

const oneJob = `
scrape_configs:
- job_name: a
  file_sd_configs: [{files: [a.json]}]
`;

describe("a tick", () => {
  test("accepts the configuration and orders a look for every cluster never looked at", async () => {
    const world = setUp(oneJob);
    const { configuration, due } = await world.tick();
    assert.equal(configuration.outcome, "accepted");
    assert.deepEqual(world.ordered(), due);
    assert.match(due[0] ?? "", /^file\/[0-9a-f]{12}$/);
  });

  test("tells the reducer how long history is kept, and orders looks even if it cannot", async () => {
    const world = setUp(oneJob);
    await world.tick();
    assert.deepEqual(await world.history.terms(), { retention: 7 * 86_400_000, since: world.time.now });
    world.history.terms = () => Promise.reject(new Error("throttled"));
    assert.equal((await world.tick()).due.length, 1);
  });

  test("changes nothing when a new file is broken, says why, and goes on with the accepted one", async () => {
    const world = setUp(oneJob);
    await world.tick();
    world.text = "scrape_configs: [{job_name: a, colour: green}]";
    const { configuration, due } = await world.tick();
    assert.ok(
      configuration.outcome === "kept" &&
        /prometheus\.yml:1:\d+: .*field colour not found/.test(configuration.reason),
    );
    assert.equal(due.length, 1);
  });

  test("writes down whether the files could be accepted, and when they last could, changed or not", async () => {
    const world = setUp(oneJob);
    const began = world.time.now;
    await world.tick();
    assert.deepEqual(await world.reloads.read(), { successful: true, successAt: began });
    world.time.now += 60_000;
    await world.tick();
    assert.deepEqual(await world.reloads.read(), { successful: true, successAt: began + 60_000 });
    world.time.now += 60_000;
    world.text = "scrape_configs: [";
    await world.tick();
    assert.deepEqual(await world.reloads.read(), { successful: false, successAt: began + 60_000 });
    world.reloads.put = () => Promise.reject(new Error("throttled"));
    assert.equal((await world.tick()).due.length, 1);
  });

  test("orders nothing before a first configuration was accepted", async () => {
    const world = setUp("scrape_configs: [");
    assert.deepEqual((await world.tick()).due, []);
    assert.deepEqual(world.ordered(), []);
  });

  test("orders no look while the reducer is more than a minute behind", async () => {
    const world = setUp(oneJob);
    await world.lag.record(61);
    assert.deepEqual((await world.tick()).due, []);
    await world.lag.record(59);
    assert.equal((await world.tick()).due.length, 1);
  });

  test("does not believe a record of the reducer's lag that is older than two minutes", async () => {
    const world = setUp(oneJob);
    await world.lag.record(3600);
    world.time.now += 121_000;
    assert.equal((await world.tick()).due.length, 1);
  });

  test("orders the look that retires a provider which the configuration no longer has", async () => {
    const world = setUp(oneJob);
    await world.tick();
    const [cluster = ""] = world.ordered();
    await world.statuses.put(status({ provider: cluster, cluster, lastAttempt: world.time.now }));
    assert.deepEqual((await world.tick()).due, []);
    world.text = "scrape_configs: [{job_name: a}]";
    assert.deepEqual(
      (await world.tick()).due.filter((one) => one === cluster),
      [cluster],
    );
  });
});

describe("a tick over a followed cluster", () => {
  test("orders one relay and no look while nobody holds its lease", async () => {
    const world = setUp(oneJob, "relay");
    const { due, relays } = await world.tick();
    assert.match(relays[0] ?? "", /^file\/[0-9a-f]{12}$/);
    assert.deepEqual([due, world.ordered(), world.relaysOrdered()], [[], [], relays]);
  });

  test("orders nothing while somebody holds its lease, and a relay once that has run out", async () => {
    const world = setUp(oneJob, "relay");
    const [cluster = ""] = (await world.tick()).relays;
    await world.leases.take({ cluster, holder: "relay/a", milliseconds: 15_000 });
    const { due, relays } = await world.tick();
    assert.deepEqual([due, relays], [[], []]);
    world.time.now += 15_000;
    assert.deepEqual((await world.tick()).relays, [cluster]);
  });

  test("orders a relay at the start of a process whoever has the lease, and ends that, since it is a dead one's", async () => {
    const world = setUp(oneJob, "relay");
    const [cluster = ""] = (await world.tick()).relays;
    await world.leases.take({ cluster, holder: "relay/a", milliseconds: 15_000 });
    const answer = await world.handle({ schedule: "tick", start: true });
    assert.ok("relays" in answer);
    assert.deepEqual([answer.relays, answer.due], [[cluster], []]);
    assert.equal(await world.leases.holder(cluster), undefined);
  });

  test("orders a relay while the reducer is behind too, since only a full check adds to its work", async () => {
    const world = setUp(oneJob, "relay");
    await world.lag.record(61);
    assert.equal((await world.tick()).relays.length, 1);
  });

  test("orders a relay as soon as a reload brings the cluster", async () => {
    const world = setUp("scrape_configs: []", "relay");
    assert.deepEqual((await world.tick()).relays, []);
    world.text = oneJob;
    await world.post({ host: "127.0.0.1:9095" });
    assert.equal(world.relaysOrdered().length, 1);
  });

  test("orders looks again once the environment says so", async () => {
    const world = setUp(oneJob, "relay");
    const [cluster = ""] = (await world.tick()).relays;
    world.follow = "schedule";
    const { due, relays } = await world.tick();
    assert.deepEqual([due, relays], [[cluster], []]);
  });
});

describe("a tick over many followed clusters", () => {
  const jobs = (names: string[]) =>
    `scrape_configs:\n${names.map((name) => `- {job_name: ${name}, file_sd_configs: [{files: [${name}.json]}]}\n`).join("")}`;

  test("orders one relay for those that fit together", async () => {
    const world = setUp(jobs(["a", "b", "c"]), "relay");
    const { relays } = await world.tick();
    assert.equal(relays.length, 3);
    assert.deepEqual(world.relayOrders(), [{ schema: 1, cluster: relays[0], alongside: relays.slice(1) }]);
  });

  test("takes the clusters of relays that carry too little from them, and orders one for all", async () => {
    const world = setUp(jobs(["a", "b"]), "relay");
    const [a = "", b = ""] = (await world.tick()).relays;
    for (const cluster of [a, b]) {
      await world.leases.take({ cluster, holder: `relay/${cluster}`, milliseconds: 900_000 });
      await world.statuses.put(
        status({ provider: cluster, cluster, targets: 5, lastSuccess: world.time.now }),
      );
    }
    assert.deepEqual((await world.tick()).relays, []);
    world.time.now += 200_000;
    assert.deepEqual((await world.tick()).relays, [a, b]);
    assert.deepEqual(world.relayOrders().at(-1), { schema: 1, cluster: a, alongside: [b] });
    assert.deepEqual([await world.leases.holder(a), await world.leases.holder(b)], [undefined, undefined]);
  });
});

describe("a slow tick", () => {
  test("does not put older files back over what was accepted while it read", async () => {
    const world = setUp(oneJob);
    await world.tick();
    const newer = "scrape_configs: [{job_name: b}]";
    world.meanwhile = async () => {
      world.meanwhile = undefined;
      world.text = newer;
      await world.tick();
    };
    await world.tick();
    assert.equal((await world.accepted.current())?.document.main.text, newer);
  });
});

describe("the first tick of a process", () => {
  test("takes every cluster as due, since nobody knows what happened while nobody looked", async () => {
    const world = setUp(oneJob);
    const [cluster = ""] = (await world.tick()).due;
    await world.statuses.put(status({ provider: cluster, cluster, lastAttempt: world.time.now }));
    assert.deepEqual((await world.tick()).due, []);
    const answer = await world.handle({ schedule: "tick", start: true });
    assert.ok("due" in answer && answer.due.includes(cluster));
  });
});

describe("POST /-/reload", () => {
  test("is 200 once the configuration is accepted, and a tick", async () => {
    const world = setUp(oneJob);
    const answer = await world.post({ host: "127.0.0.1:9095" });
    assert.ok("statusCode" in answer && answer.statusCode === 200);
    assert.equal(world.ordered().length, 1);
  });

  test("is 500 with the reason for a broken file", async () => {
    const world = setUp("scrape_configs: [{job_name: ''}]");
    const answer = await world.post({ host: "127.0.0.1:9095" });
    assert.ok("statusCode" in answer && answer.statusCode === 500);
    assert.match(String(answer.body), /^failed to reload config: .*job_name is empty/);
  });

  test("is refused to a page from elsewhere", async () => {
    const world = setUp(oneJob);
    const answer = await world.post({ host: "127.0.0.1:9095", origin: "https://evil.example" });
    assert.ok("statusCode" in answer && answer.statusCode === 403);
    assert.deepEqual(world.ordered(), []);
  });
});

interface World {
  text: string;
  readonly time: { now: number };
  readonly statuses: Statuses;
  readonly lag: ReducerLag;
  readonly accepted: AcceptedConfigurations;
  readonly leases: Leases;
  readonly history: HistoryLog;
  readonly reloads: Reloads;
  /** As the environment says. */
  follow: FollowMode;
  /** Happens between reading the files and accepting them. */
  meanwhile: (() => Promise<void>) | undefined;
}

const setUp = (text: string, follow: FollowMode = "schedule") => {
  const time = { now: 1_790_000_000_000 };
  const clock = () => time.now;
  const bus = createMemoryBus();
  const accepted = createMemoryAccepted(clock);
  const meanwhile: (() => Promise<void>) | undefined = undefined;
  const statuses = createMemoryStatuses();
  const leases = createMemoryLeases(clock);
  const lag = createMemoryLag(clock);
  const history = createMemoryHistory();
  const reloads = createMemoryReloads();
  const world: World = { text, time, statuses, lag, accepted, meanwhile, leases, history, reloads, follow };
  const document = (): AcceptedDocument => ({
    main: { path: "prometheus.yml", text: world.text },
    jobFiles: [],
    servers: {},
    inCluster: false,
    follow: world.follow,
  });
  const log = createLog({ level: "error", write: () => undefined });
  const parts = {
    gather: async () => {
      const read = document();
      await world.meanwhile?.();
      return read;
    },
    accepted,
    plan: createPlanReader(accepted),
    bus,
    limits: shareLimits(20_000),
    history,
    clock,
    log,
    meter: silentMeter,
    reloads,
  };
  const run = (options = { everything: false }) =>
    tick({ ...parts, statuses: world.statuses, lag, leases }, options);
  const ordersOf = (type: string) =>
    bus.entries.flatMap(({ detailType, detail }) =>
      detailType === type ? [relayDueSchema.parse(detail).cluster] : [],
    );
  const request = (headers: Record<string, string>) => ({
    httpMethod: "POST",
    path: "/-/reload",
    headers,
    requestContext: { identity: { sourceIp: "127.0.0.1" } },
  });
  return Object.assign(world, {
    tick: () => run(),
    handle: (event: unknown) => answerReload(parts, run)(event),
    ordered: () => ordersOf(discoveryDue),
    relaysOrdered: () => ordersOf(relayDue),
    relayOrders: () =>
      bus.entries.flatMap(({ detailType, detail }) =>
        detailType === relayDue ? [relayDueSchema.parse(detail)] : [],
      ),
    post: (headers: Record<string, string>) => answerReload(parts, run)(request(headers)),
  });
};
