import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesAccess, KubernetesSdConfig } from "../../../../lib/config/configuration.ts";
import { Secret } from "../../../../lib/config/secret.ts";
import type { Outcome } from "../../../../lib/discovery/discoverer.ts";
import type { Follow } from "../../../../lib/discovery/follower.ts";
import { createKubernetesDiscoverer } from "../../../../lib/discovery/kubernetes/discover.ts";
import {
  createKubernetesFollow,
  type KubernetesFollowOptions,
} from "../../../../lib/discovery/kubernetes/follow.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import type { TargetGroup } from "../../../../lib/targetgroup/targetgroup.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../../../../local/demo/apiserver.ts";
import type { Fault } from "../../../../local/demo/faults.ts";
import { createWorkload } from "../../../../local/demo/workload.ts";
import { cleanUp, cleanups } from "./listing.ts";
import { apiServerAccess, nothingAttached, providerOf } from "./provider.ts";

afterEach(cleanUp);

const everything = { node: true, namespace: true, deployment: true, job: true, cronjob: true };
const roles = ["node", "pod", "service", "endpoints", "endpointslice", "ingress"] as const;

/** Chance that is the same in each run. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
};

const start = async (options: ApiServerOptions = {}) => {
  const server = await startApiServer(options);
  cleanups.push(() => server.close());
  const random = seeded(7);
  return { server, random, workload: createWorkload(server, { random, clock: Date.now }) };
};

const accessTo = ({ url, token }: ApiServer): KubernetesAccess => {
  const access = apiServerAccess(url);
  if (access.kind !== "api-server") throw new Error("unreachable");
  const authorization = { type: "Bearer", credentials: new Secret(token) };
  return { ...access, httpClient: { ...access.httpClient, authorization } };
};

const followerOf = (server: ApiServer) => {
  let ids = 0;
  return (config: Partial<KubernetesSdConfig> = {}): Provider =>
    providerOf(accessTo(server), config, { id: `kubernetes/${String(++ids).padStart(12, "0")}` });
};

const impatient: KubernetesFollowOptions = {
  wait: (milliseconds, signal) => delay(Math.min(milliseconds, 20), undefined, { signal }),
};

/** Follows, and keeps what it is told as a relay would. */
const follow = (begin: Follow, providers: readonly Provider[]) => {
  const told = new Map<string, Map<string, TargetGroup>>();
  let looks = Promise.resolve();
  const take = ({ provider, ...outcome }: Outcome) => {
    if ("error" in outcome) return;
    told.set(provider.id, new Map(outcome.look.groups.map((group) => [group.source, group])));
  };
  const lookAt = async (some: readonly Provider[]) => {
    const outcomes = await following.look(some, AbortSignal.timeout(20_000));
    for (const outcome of outcomes) take(outcome);
    return outcomes;
  };
  const following = begin(
    { cluster: "demo", providers },
    {
      changed: ({ provider, source, build }) => {
        const group = build();
        if (group !== undefined) told.get(provider.id)?.set(source, group);
      },
      lookAgain: (again) => {
        looks = looks.then(() => lookAt(again)).then(() => undefined);
      },
    },
  );
  cleanups.push(() => following.end({ keep: false }));
  return { following, told, look: () => lookAt(providers) };
};

const groupsOf = (groups: Iterable<TargetGroup>) =>
  [...groups].filter(({ targets }) => targets.length > 0).sort((a, b) => (a.source < b.source ? -1 : 1));

const seenBy = (outcome: Outcome | undefined): unknown =>
  outcome === undefined || "error" in outcome ? outcome?.error.message : groupsOf(outcome.look.groups);

/** Until two things that are asked for again and again are equal. */
const untilEqual = async (actual: () => Promise<unknown>, expected: () => Promise<unknown>) => {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const [one, other] = [await actual(), await expected()];
    try {
      assert.deepEqual(one, other);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
};

const discover = createKubernetesDiscoverer();
const discovered = (providers: readonly Provider[]) => async () =>
  (await discover(providers, AbortSignal.timeout(20_000))).map(seenBy);

describe("following a cluster over HTTP", () => {
  test("asks for each resource once, whatever the number of jobs", async () => {
    const { server } = await start();
    const provider = followerOf(server);
    const providers = Array.from({ length: 30 }, (_, at) =>
      provider({ role: roles[at % roles.length]!, attachMetadata: everything }),
    );
    const { look } = follow(createKubernetesFollow(impatient), providers);
    await look();
    await untilEqual(
      async () => server.openWatches(),
      async () => 9,
    );
    assert.equal(server.openWatches("/api/v1/pods"), 1);
    assert.equal(server.requests.count("list"), 9);
  });

  test("sees and tells what a fresh look sees, whatever happens to it meanwhile", async () => {
    const { server, workload, random } = await start({ behaviour: { bookmarkMilliseconds: 20 } });
    const provider = followerOf(server);
    const providers = [
      ...roles.map((role) => provider({ role, attachMetadata: everything })),
      provider({ role: "endpoints", namespaces: { names: ["shop", "kube-system"], ownNamespace: false } }),
      provider({ selectors: [{ role: "pod", label: "app", field: "" }] }),
    ];
    const { look, told } = follow(createKubernetesFollow(impatient), providers);
    await look();
    for (let round = 0; round < 12; round += 1) {
      const fault = faults[Math.floor(random() * faults.length)]!;
      const active = server.faults.set({ on: ["list", "page", "watch"], times: 5, fault });
      if (round % 2 === 0) server.dropWatches();
      for (let steps = 0; steps < 10; steps += 1) workload.step();
      if (round % 3 === 0) server.compact();
      await delay(10);
      active.remove();
    }
    await untilEqual(async () => (await look()).map(seenBy), discovered(providers));
    const rebuiltOnEverything = providers.slice(0, 3);
    for (let steps = 0; steps < 100; steps += 1) workload.step();
    await untilEqual(
      async () => rebuiltOnEverything.map(({ id }) => groupsOf(told.get(id)!.values())),
      discovered(rebuiltOnEverything),
    );
  });

  test("reads single namespaces where the whole is forbidden", async () => {
    const { server } = await start();
    const provider = followerOf(server);
    server.faults.forbid("pods", "");
    const narrow = provider({ namespaces: { names: ["shop"], ownNamespace: false } });
    const { look, following } = follow(createKubernetesFollow(impatient), [provider(), narrow]);
    const [whole, shop] = (await look()).map(seenBy);
    assert.match(String(whole), /403/);
    assert.deepEqual([shop], await discovered([narrow])());
    assert.deepEqual(following.troubles(narrow), []);
    assert.equal(server.openWatches("/api/v1/namespaces/shop/pods"), 1);
  });

  test("has trouble while the server is away, and looks again when it is back", async () => {
    const { server, workload } = await start();
    const pods = followerOf(server)();
    const failures: unknown[] = [];
    const counts = { event: () => undefined, failure: () => failures.push("failed") };
    const { look, told, following } = follow(createKubernetesFollow({ ...impatient, counts }), [pods]);
    await look();
    const fault = server.faults.set({ fault: { kind: "status", code: 503, message: "starting" } });
    server.dropWatches();
    await untilEqual(
      async () => following.troubles(pods).map((line) => /503.*starting/.test(line)),
      async () => [true],
    );
    assert.match(String(seenBy((await look())[0])), /503/);
    for (let steps = 0; steps < 20; steps += 1) workload.step();
    fault.remove();
    await untilEqual(async () => [groupsOf(told.get(pods.id)!.values())], discovered([pods]));
    assert.deepEqual(following.troubles(pods), []);
    assert.ok(failures.length > 0);
  });
});

const faults: readonly Fault[] = [
  { kind: "reset", bytes: 300 },
  { kind: "status", code: 500 },
  { kind: "status", code: 429, retryAfterSeconds: 1 },
  { kind: "status", code: 410 },
  { kind: "html", code: 200 },
  { kind: "truncate", bytes: 500 },
  { kind: "inject", text: "{\n" },
];

describe("one following after another", () => {
  const both = async (keep: boolean) => {
    const { server, workload } = await start();
    const provider = followerOf(server);
    const begin = createKubernetesFollow(impatient);
    const first = follow(begin, [
      provider({ attachMetadata: nothingAttached }),
      provider({ role: "service" }),
    ]);
    await first.look();
    await untilEqual(
      async () => server.openWatches(),
      async () => 2,
    );
    await first.following.end({ keep });
    await untilEqual(
      async () => server.openWatches(),
      async () => 0,
    );
    for (let steps = 0; steps < 20; steps += 1) workload.step();
    server.requests.clear();
    const again = followerOf(server)();
    const second = follow(begin, [again]);
    await second.look();
    // What comes later may be the comparison's.
    const lists = server.requests.count("list");
    const watched = server.requests.entries.filter(({ kind }) => kind === "watch").map(({ path }) => path);
    await untilEqual(async () => [groupsOf(second.told.get(again.id)!.values())], discovered([again]));
    return { lists, watched };
  };

  test("of the same cluster goes on from memory, with what it still needs", async () => {
    assert.deepEqual(await both(true), { lists: 0, watched: ["/api/v1/pods"] });
  });

  test("begins anew when nothing was kept", async () => {
    assert.equal((await both(false)).lists, 1);
  });
});
