import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Secret } from "../../../../lib/config/secret.ts";
import type { Circle } from "../../../../lib/discovery/kubernetes/member.ts";
import { createReflectors, type Reflectors } from "../../../../lib/discovery/kubernetes/reflectors.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import { type FakeCluster, followFake } from "./fakecluster.ts";
import { access, away, filled, followed, toldBy } from "./followed.ts";
import { podManifest } from "./manifests.ts";
import { nothingAttached } from "./provider.ts";

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
    const stranger = followed();
    assert.deepEqual((await following.look([pods, stranger], AbortSignal.timeout(10_000))).map(toldBy), [
      ["pod/bank/b", "pod/shop/a"],
      [`error: ${stranger.id} is not followed here`],
    ]);
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
