import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as othersTurn } from "node:timers/promises";
import fc from "fast-check";
import type { Outcome } from "../../../../lib/discovery/discoverer.ts";
import { emptyCaches, type RoleBuilder } from "../../../../lib/discovery/kubernetes/caches.ts";
import { createGroupMemory } from "../../../../lib/discovery/kubernetes/memory.ts";
import type { Pod } from "../../../../lib/discovery/kubernetes/objects/pod.ts";
import { podReactions } from "../../../../lib/discovery/kubernetes/reactions.ts";
import * as resources from "../../../../lib/discovery/kubernetes/resources.ts";
import { podRole } from "../../../../lib/discovery/kubernetes/roles/pod.ts";
import { createView } from "../../../../lib/discovery/kubernetes/view.ts";
import { createTurns } from "../../../../lib/turns.ts";
import { createFakeCluster, type FakeCluster, followFake } from "./fakecluster.ts";
import { endpointsManifest, nodeManifest, podManifest } from "./manifests.ts";
import { apiServerAccess, nothingAttached, providerOf } from "./provider.ts";

const access = apiServerAccess("http://127.0.0.1:1");
const attachMetadata = { ...nothingAttached, node: true };
const providers = (["pod", "endpoints"] as const).map((role) =>
  providerOf(access, { role, attachMetadata }, { id: `kubernetes/${role}` }),
);
const pods = providers[0]!;
const podOf = (name: string): Pod => resources.pods.decode(podManifest(name));

/** What happens in a cluster, each with names and values out of a few. */
const name = fc.constantFrom("a", "b", "c");
const happening = fc.oneof(
  fc.record({ kind: fc.constant("pod"), name, value: fc.constantFrom("n1", "n2") }),
  fc.record({ kind: fc.constant("no pod"), name, value: fc.constant("") }),
  fc.record({ kind: fc.constant("node"), name: fc.constantFrom("n1", "n2"), value: name }),
  fc.record({ kind: fc.constant("endpoints"), name: fc.constant("web"), value: name }),
  fc.record({ kind: fc.constant("pod unseen"), name, value: fc.constantFrom("n1", "n2") }),
  fc.record({ kind: fc.constant("node unseen"), name: fc.constantFrom("n1", "n2"), value: name }),
  fc.constant({ kind: "prepare", name: "", value: "" }),
  fc.constant({ kind: "look", name: "", value: "" }),
);

interface Happening {
  readonly kind: string;
  readonly name: string;
  readonly value: string;
}

const happen = (fake: FakeCluster, { kind, name, value }: Happening): void => {
  // What nobody sees happens while the watch is away, and is in the list that is taken anew.
  const resource = kind.startsWith("pod") ? "pods" : "nodes";
  if (kind.endsWith("unseen")) fake.set(resource, "", new Error("away"));
  if (kind.startsWith("pod")) fake.apply("pods", podManifest(name, { node: value }));
  if (kind === "no pod") fake.remove("pods", `shop/${name}`);
  if (kind.startsWith("node")) fake.apply("nodes", nodeManifest(name, { of: value }));
  if (kind === "endpoints") fake.apply("endpoints", endpointsManifest(name, [{ pod: value }]));
  if (kind.endsWith("unseen")) fake.set(resource, "", "listed");
};

const groupsOf = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => ("look" in outcome ? outcome.look.groups : outcome.error.message));

describe("a look that was prepared", () => {
  test("finds what one that was not finds, whatever happened in between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
        const fake = createFakeCluster();
        const { look, following } = followFake(fake, providers);
        await look();
        for (const one of [...happenings, { kind: "look", name: "", value: "" }]) {
          happen(fake, one);
          if (one.kind === "prepare") await Promise.all(providers.map(following.prepare));
          if (one.kind !== "look") continue;
          const unprepared = followFake(fake, providers);
          assert.deepEqual(groupsOf(await look()), groupsOf(await unprepared.look()));
          await unprepared.following.end({ keep: false });
        }
      }),
    );
  });

  test("builds nothing again but what changed since", async () => {
    const pods = new Map(["a", "b", "c"].map((name) => [`shop/${name}`, podOf(name)]));
    const built: string[] = [];
    const role: RoleBuilder<Pod> = {
      ...podRole,
      build: (pod, caches) => {
        built.push(pod.meta.name);
        return podRole.build(pod, caches);
      },
    };
    const memory = createGroupMemory();
    const main = { objects: { [Symbol.iterator]: () => pods.values() }, byKey: pods, find: () => [] };
    const view = createView({ role, reactions: podReactions, main, caches: emptyCaches, memory });
    await view.prepare(memory, createTurns());
    pods.set("shop/b", podOf("b"));
    view.seen();
    assert.deepEqual(built, ["a", "b", "c", "b"]);
  });

  for (const [when, changed] of [
    ["when it is the first of many objects", 0],
    ["when it is the first and many objects changed since it could have been made", 1_000],
  ] as const)
    test(`leaves others their turns, also ${when}`, async (t) => {
      const fake = createFakeCluster();
      for (let at = 0; at < 1_000; at += 1) fake.apply("pods", podManifest(`pod-${at}`));
      const { look, following } = followFake(fake, [pods]);
      if (changed > 0) {
        await othersTurn();
        await following.prepare(pods);
      }
      for (let at = 0; at < changed; at += 1) fake.apply("pods", podManifest(`pod-${at}`, { node: "n2" }));
      // Each object takes a millisecond, however quick the machine is.
      let now = 0;
      t.mock.method(performance, "now", () => now++);
      let [turns, isOver] = [0, false];
      const count = () => {
        turns += 1;
        if (!isOver) setImmediate(count);
      };
      setImmediate(count);
      await look();
      isOver = true;
      assert.ok(turns > 50, `${turns} turns`);
    });

  test("is the first one as well, once everything was listed, and builds each group once", async (t) => {
    const build = t.mock.method(podRole, "build");
    const fake = createFakeCluster();
    for (const pod of ["a", "b", "c"]) fake.apply("pods", podManifest(pod));
    const { look, following } = followFake(fake, [pods]);
    assert.equal(following.prepare(pods), undefined);
    await othersTurn();
    assert.ok(following.prepare(pods) instanceof Promise);
    await following.prepare(pods);
    await look();
    assert.equal(build.mock.callCount(), 3);
    assert.ok(following.prepare(pods) instanceof Promise);
  });

  test("leaves out what cannot be made a group", async () => {
    const fake = createFakeCluster();
    fake.apply("pods", podManifest("a"));
    const { look, following } = followFake(fake, [pods]);
    await look();
    fake.apply("pods", podManifest("b", { phase: "Pending" }));
    await following.prepare(pods);
    assert.deepEqual(groupsOf(await look()), groupsOf(await followFake(fake, [pods]).look()));
  });
});
