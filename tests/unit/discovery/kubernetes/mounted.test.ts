import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as othersTurn } from "node:timers/promises";
import { AnswerStatus } from "../../../../lib/discovery/kubernetes/answer.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import { followFake } from "./fakecluster.ts";
import { away, filled, followed, toldBy } from "./followed.ts";
import { endpointsManifest, podManifest } from "./manifests.ts";

const within = (...names: string[]) => ({ namespaces: { names, ownNamespace: false } });

const refused = (place: string) =>
  new Error(`GET ${place}: 403 Forbidden`, { cause: new AnswerStatus(403, "403 Forbidden", undefined) });

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

  test("has live pods also when the whole was refused as one look began, and was not any more as another did", async () => {
    const fake = filled();
    fake.set("pods", "", refused("http://x/api/v1/pods"));
    fake.set("services", "", "slow");
    const role = "endpoints";
    const narrow = followed({ role, ...within("shop") });
    const { look, heard } = followFake(fake, [followed({ role }), narrow]);
    const before = look();
    await othersTurn();
    fake.set("pods", "", "listed");
    const after = look();
    await othersTurn();
    fake.set("services", "", "listed");
    await Promise.all([before, after]);
    fake.apply("pods", podManifest("a", { phase: "Failed" }));
    const change = heard.changes.findLast(({ provider }) => provider === narrow);
    assert.equal(change?.build()?.targets[0]?.__meta_kubernetes_pod_phase, "Failed");
  });

  test("is read from the whole as soon as that is allowed again, however long its own list takes to come", async () => {
    const fake = filled();
    fake.set("pods", "", refused("http://x/api/v1/pods"));
    fake.set("pods", "bank", "slow");
    const narrow = followed(within("bank"));
    const { following } = followFake(fake, [followed(), narrow]);
    await othersTurn();
    fake.set("pods", "", "listed");
    const [outcome] = await following.look([narrow], AbortSignal.timeout(1_000));
    assert.deepEqual(toldBy(outcome), ["pod/bank/b"]);
  });

  test("is read by itself when the whole is refused while a look waits for another list", async () => {
    const fake = filled();
    fake.set("services", "", "slow");
    const role = "endpoints";
    const narrow = followed({ role, ...within("shop") });
    const { following } = followFake(fake, [followed({ role }), narrow]);
    await othersTurn();
    fake.set("pods", "", refused("http://x/api/v1/pods"));
    const look = following.look([narrow], AbortSignal.timeout(1_000));
    await othersTurn();
    fake.set("services", "", "listed");
    assert.deepEqual((await look).map(toldBy), [["endpoints/shop/web"]]);
  });

  test("is looked at by everybody who waited, as soon as it is listed, though more of them keep coming", async () => {
    const fake = filled();
    fake.set("pods", "", "slow");
    const narrow = followed(within("bank"));
    const { following } = followFake(fake, [followed(), narrow]);
    let ended = 0;
    const begin = async () => {
      const [outcome] = await following.look([narrow], AbortSignal.timeout(1_000));
      assert.deepEqual(toldBy(outcome), ["pod/bank/b"]);
      ended += 1;
    };
    const beginInTurn = async () => {
      const all: Promise<void>[] = [];
      for (let turn = 0; turn < 20; turn += 1) {
        all.push(begin());
        await othersTurn();
      }
      return all;
    };
    const early = await beginInTurn();
    assert.equal(ended, 0);
    fake.set("pods", "", "listed");
    const late = await beginInTurn();
    assert.ok(ended > early.length, `${ended} of ${early.length} ended while more came`);
    await Promise.all([...early, ...late]);
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
