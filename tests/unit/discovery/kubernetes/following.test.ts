import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesSdConfig } from "../../../../lib/config/configuration.ts";
import { Secret } from "../../../../lib/config/secret.ts";
import type { Outcome } from "../../../../lib/discovery/discoverer.ts";
import { AnswerStatus } from "../../../../lib/discovery/kubernetes/answer.ts";
import type { Counts } from "../../../../lib/discovery/kubernetes/counts.ts";
import type { Circle } from "../../../../lib/discovery/kubernetes/member.ts";
import { createReflectors, type Reflectors } from "../../../../lib/discovery/kubernetes/reflectors.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import { TransientError } from "../../../../lib/errors.ts";
import { createFakeCluster, type FakeCluster, followFake } from "./fakecluster.ts";
import { endpointsManifest, nodeManifest, podManifest, serviceManifest } from "./manifests.ts";
import { apiServerAccess, nothingAttached, providerOf } from "./provider.ts";

const access = apiServerAccess("http://127.0.0.1:1");
let ids = 0;
const followed = (config: Partial<KubernetesSdConfig> = {}, more: Partial<Provider> = {}): Provider =>
  providerOf(access, config, { id: `kubernetes/${String(++ids).padStart(12, "0")}`, ...more });
const within = (...names: string[]) => ({ namespaces: { names, ownNamespace: false } });

const filled = (): FakeCluster => {
  const fake = createFakeCluster();
  fake.apply("pods", podManifest("a"));
  fake.apply("pods", podManifest("b", { namespace: "bank" }));
  fake.apply("services", serviceManifest("web"));
  fake.apply("endpoints", endpointsManifest("web", [{ pod: "a" }]));
  fake.apply("nodes", nodeManifest("n1"));
  return fake;
};

/** The sources of a look, or its error's line; problems after them. */
const toldBy = (outcome: Outcome | undefined): string[] => {
  if (outcome === undefined) return ["no outcome"];
  if ("error" in outcome) return [`error: ${outcome.error.message}`];
  return [...outcome.look.groups.map(({ source }) => source).sort(), ...outcome.look.problems];
};

const refused = (place: string) =>
  new Error(`GET ${place}: 403 Forbidden`, { cause: new AnswerStatus(403, "403 Forbidden", undefined) });
const away = new TransientError("GET http://x/api/v1/pods: connect ECONNREFUSED");

describe("what is reflected", () => {
  test("is each thing once for a whole cluster, however many providers and roles need it", async () => {
    const roles = ["pod", "endpoints", "endpointslice", "service", "node"] as const;
    const attachMetadata = { ...nothingAttached, node: true };
    const providers = Array.from({ length: 50 }, (_, at) =>
      followed({ role: roles[at % roles.length]!, attachMetadata }),
    );
    const fake = filled();
    const { look } = followFake(fake, providers);
    await look();
    await look();
    assert.deepEqual(fake.running(), ["endpoints", "endpointslices", "nodes", "pods", "services"]);
    assert.equal(fake.made(), 5);
  });

  test("is as much for one provider as its role needs, and no more", async () => {
    const fake = filled();
    await followFake(fake, [followed({ role: "endpoints" })]).look();
    assert.deepEqual(fake.running(), ["endpoints", "pods", "services"]);
  });

  test("is reflected apart for other selectors", async () => {
    const fake = filled();
    const selectors = [{ role: "pod" as const, label: "app=web", field: "" }];
    await followFake(fake, [followed(), followed({ selectors })]).look();
    assert.deepEqual(fake.running(), ["pods", "pods app=web"]);
  });

  test("is reflected apart for other credentials, and once for equal ones", async () => {
    const fake = filled();
    const withToken = (token: string) => {
      if (access.kind !== "api-server") throw new Error("unreachable");
      const authorization = { type: "Bearer", credentials: new Secret(token) };
      return followed({ access: { ...access, httpClient: { ...access.httpClient, authorization } } });
    };
    const { memory } = followFake(fake, [withToken("x"), withToken("y"), withToken("x")]);
    assert.deepEqual(fake.running(), ["pods", "pods"]);
    assert.ok([...memory.keys()].every((key) => /^[0-9a-f]{64}$/.test(key)));
  });

  test("begins before anybody looks, and nothing waits for what is slow", async () => {
    const fake = filled();
    fake.set("pods", "", "slow");
    const pods = followed();
    const services = followed({ role: "service" });
    const { following } = followFake(fake, [pods, services]);
    assert.deepEqual(fake.running(), ["pods", "services"]);
    const [outcome] = await following.look([services], AbortSignal.timeout(10_000));
    assert.deepEqual(toldBy(outcome), ["svc/shop/web"]);
  });

  test("is waited for no longer than the look has time", async () => {
    const fake = filled();
    fake.set("pods", "", "slow");
    const pods = followed();
    const { following } = followFake(fake, [pods]);
    const over = new AbortController();
    const look = following.look([pods], over.signal);
    over.abort();
    assert.deepEqual((await look).map(toldBy), [["error: not everything was listed before the time was up"]]);
    fake.set("pods", "", "listed");
    assert.deepEqual((await following.look([pods, followed()], AbortSignal.timeout(10_000))).map(toldBy), [
      ["pod/bank/b", "pod/shop/a"],
      [`error: kubernetes/${String(ids).padStart(12, "0")} is not followed here`],
    ]);
  });
});

describe("a namespace of a cluster that is reflected as a whole", () => {
  test("is served from there, and hears only of its own objects", async () => {
    const fake = filled();
    const whole = followed();
    const narrow = followed(within("bank"));
    const { look, heard } = followFake(fake, [narrow, whole]);
    const outcomes = await look();
    assert.deepEqual(outcomes.map(toldBy), [["pod/bank/b"], ["pod/bank/b", "pod/shop/a"]]);
    assert.deepEqual(fake.running(), ["pods"]);
    fake.apply("pods", podManifest("c", { namespace: "bank" }));
    fake.apply("pods", podManifest("d"));
    fake.remove("pods", "shop/a");
    const of = ({ id }: Provider) =>
      heard.changes.filter(({ provider }) => provider.id === id).map(({ source }) => source);
    assert.deepEqual(of(narrow), ["pod/bank/c"]);
    assert.deepEqual(of(whole), ["pod/bank/c", "pod/shop/d", "pod/shop/a"]);
  });

  test("sees no other namespace's objects in what it looks up", async () => {
    const fake = filled();
    fake.apply("endpoints", endpointsManifest("web", [{ pod: "a" }], [], "bank"));
    const narrow = followed({ role: "endpoints", ...within("bank") });
    const alone = await followFake(fake, [narrow]).look();
    const shared = await followFake(fake, [followed({ role: "endpoints" }), narrow]).following.look(
      [narrow],
      AbortSignal.timeout(10_000),
    );
    assert.deepEqual(toldBy(shared[0]), ["endpoints/bank/web"]);
    assert.deepEqual(
      "look" in shared[0]! && shared[0].look.groups,
      "look" in alone[0]! && alone[0].look.groups,
    );
  });

  test("is reflected itself while the whole is refused, and then no more", async () => {
    const fake = filled();
    fake.set("pods", "", refused("http://x/api/v1/pods"));
    const whole = followed();
    const narrow = followed(within("bank"));
    const { look, heard, gather, following } = followFake(fake, [whole, narrow]);
    assert.deepEqual((await look()).map(toldBy), [
      ["error: GET http://x/api/v1/pods: 403 Forbidden"],
      ["pod/bank/b"],
    ]);
    assert.deepEqual(fake.running(), ["pods", "pods@bank"]);
    assert.deepEqual(following.troubles(narrow), []);
    fake.apply("pods", podManifest("c", { namespace: "bank" }));
    assert.deepEqual(heard.sources(), ["pod/bank/c"]);
    fake.set("pods", "", "listed");
    await gather();
    assert.deepEqual(heard.lookAgain, [[whole, narrow]]);
    assert.deepEqual(toldBy((await look())[1]), ["pod/bank/b", "pod/bank/c"]);
    assert.deepEqual(fake.running(), ["pods"]);
    fake.remove("pods", "bank/c");
    const gone = heard.changes.filter(({ provider }) => provider === narrow).at(-1);
    assert.deepEqual(gone?.build(), { source: "pod/bank/c", labels: {}, targets: [] });
  });

  test("shares the trouble of a whole that was listed before", async () => {
    const fake = filled();
    const narrow = followed(within("bank"));
    const { look, following } = followFake(fake, [followed(), narrow]);
    await look();
    fake.set("pods", "", away);
    assert.deepEqual(toldBy((await look())[1]), [`error: ${away.message}`]);
    assert.deepEqual(following.troubles(narrow), [away.message]);
    assert.deepEqual(fake.running(), ["pods"]);
    fake.set("pods", "", refused("http://x/api/v1/pods"));
    assert.deepEqual(toldBy((await look())[1]), ["pod/bank/b"], "unless that was forbidden meanwhile");
  });

  test("keeps its sources when it alone is refused", async () => {
    const fake = filled();
    fake.set("pods", "bank", refused("http://x/api/v1/namespaces/bank/pods"));
    const both = followed(within("bank", "shop"));
    const { look, following } = followFake(fake, [both]);
    const [outcome] = await look();
    const line = "GET http://x/api/v1/namespaces/bank/pods: 403 Forbidden";
    assert.deepEqual(toldBy(outcome), ["pod/shop/a", line]);
    assert.ok(outcome !== undefined && "look" in outcome && outcome.look.keeps("pod/bank/b"));
    assert.deepEqual(following.troubles(both), [line]);
  });
});

describe("trouble", () => {
  test("is that of all who read what fails, once for each reason, and of nobody else", async () => {
    const fake = filled();
    const pods = followed();
    const endpoints = followed({ role: "endpoints" });
    const services = followed({ role: "service" });
    const { following, look } = followFake(fake, [pods, endpoints, services]);
    await look();
    fake.set("pods", "", away);
    fake.set("endpoints", "", away);
    assert.deepEqual(
      [pods, endpoints, services].map((one) => following.troubles(one)),
      [[away.message], [away.message], []],
    );
    assert.deepEqual((await look()).map(toldBy), [
      [`error: ${away.message}`],
      [`error: ${away.message}`],
      ["svc/shop/web"],
    ]);
  });

  test("over is a reason to look again, once for all that recovers together", async () => {
    const fake = filled();
    const pods = followed();
    const endpoints = followed({ role: "endpoints" });
    fake.set("pods", "", away);
    fake.set("endpoints", "", away);
    const { look, heard, gather } = followFake(fake, [pods, endpoints, followed({ role: "service" })]);
    await look();
    fake.set("pods", "", "listed");
    fake.set("endpoints", "", "listed");
    await gather();
    assert.deepEqual(heard.lookAgain, [[pods, endpoints]]);
    assert.deepEqual((await look()).map(toldBy), [
      ["pod/bank/b", "pod/shop/a"],
      ["endpoints/shop/web"],
      ["svc/shop/web"],
    ]);
  });

  test("with the own namespace's name is told, too", async () => {
    const lost = followed({ namespaces: { names: [], ownNamespace: true } });
    const serviceAccountFolder = "/nonexistent/rollcall";
    const { look, following } = followFake(filled(), [lost], { serviceAccountFolder });
    assert.match(toldBy((await look())[0]).join(), /^error: .*cannot read/);
    assert.match(following.troubles(lost).join(), /cannot read/);
  });
});

describe("a list taken anew", () => {
  test("is a reason to look again for those who read it", async () => {
    const fake = filled();
    const pods = followed();
    const { look, heard, gather } = followFake(fake, [pods, followed({ role: "service" })]);
    await look();
    fake.relist("pods");
    fake.relist("pods");
    await gather();
    assert.deepEqual(heard.lookAgain, [[pods]]);
    assert.deepEqual(heard.changes, []);
  });

  test("before the first look is in that look", async () => {
    const fake = filled();
    const { look, heard, gather } = followFake(fake, [followed()]);
    fake.relist("pods");
    fake.apply("pods", podManifest("c"));
    await gather();
    assert.deepEqual([heard.lookAgain, heard.changes], [[], []]);
    assert.deepEqual(toldBy((await look())[0]), ["pod/bank/b", "pod/shop/a", "pod/shop/c"]);
  });
});

describe("the end of a following", () => {
  /** Two followings of the same cluster, the second with the memory of the first. */
  const follow = (fake: FakeCluster, providers: Provider[], memory = new Map<string, Reflectors>()) =>
    followFake(fake, providers, {
      reflectorsFor: ({ key }: Circle) => {
        const reflectors = memory.get(key) ?? createReflectors(fake.make);
        memory.set(key, reflectors);
        return reflectors;
      },
    });

  test("stops everything, and nothing is heard any more", async () => {
    const fake = filled();
    const { look, following, heard, gather } = follow(fake, [followed(), followed({ role: "endpoints" })]);
    await look();
    fake.relist("pods");
    await following.end({ keep: true });
    fake.apply("pods", podManifest("c"));
    await gather();
    assert.deepEqual(fake.running(), []);
    assert.deepEqual([heard.changes, heard.lookAgain], [[], []]);
  });

  test("leaves the reflectors to the next, which drops those that its providers need no more", async () => {
    const fake = filled();
    const memory = new Map<string, Reflectors>();
    const first = follow(fake, [followed(), followed({ role: "endpoints" })], memory);
    await first.look();
    await first.following.end({ keep: true });
    const second = follow(fake, [followed(), followed({ role: "node" })], memory);
    assert.deepEqual(toldBy((await second.look())[0]), ["pod/bank/b", "pod/shop/a"]);
    assert.equal(fake.made(), 4, "only the nodes are new");
    assert.deepEqual(fake.running(), ["nodes", "pods"]);
    fake.apply("pods", podManifest("c"));
    assert.deepEqual([first.heard.sources(), second.heard.sources()], [[], ["pod/shop/c"]]);
    await second.following.end({ keep: true });
    await follow(fake, [followed({ role: "endpoints" })], memory).look();
    assert.equal(fake.made(), 6, "endpoints and services were let go");
  });

  test("in the middle of the first look ends that with an error and loses nothing that was kept", async () => {
    const fake = filled();
    const memory = new Map<string, Reflectors>();
    const first = follow(fake, [followed()], memory);
    await first.look();
    await first.following.end({ keep: true });
    const second = follow(fake, [followed(), followed({ role: "service" })], memory);
    const look = second.look();
    await second.following.end({ keep: true });
    await look;
    await follow(fake, [followed()], memory).look();
    assert.equal(fake.made(), 2);
  });
});

test("events are counted as upstream counts them", async () => {
  const fake = filled();
  const counted: string[] = [];
  const counts: Counts = {
    event: ({ config }, role, event) =>
      void counted.push(`${"role" in config && config.role}: ${role} ${event}`),
    failure: () => undefined,
  };
  const attachMetadata = { ...nothingAttached, node: true };
  const providers = (["pod", "endpoints", "endpointslice", "service"] as const).map((role) =>
    followed({ role, attachMetadata }),
  );
  const { look } = followFake(fake, providers, { counts });
  await look();
  fake.apply("pods", podManifest("a"));
  fake.remove("pods", "shop/a");
  fake.apply("nodes", nodeManifest("n1"));
  fake.apply("services", serviceManifest("new"));
  assert.deepEqual(counted, [
    "pod: pod update",
    "endpoints: pod update",
    "pod: pod delete",
    "endpoints: service add",
    "endpointslice: service add",
    "service: service add",
  ]);
});
