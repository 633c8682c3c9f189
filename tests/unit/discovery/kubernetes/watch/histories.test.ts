import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import type { ApiServer } from "../../../../../local/demo/apiserver.ts";
import type { FaultRule } from "../../../../../local/demo/faults.ts";
import { cleanUp } from "../listing.ts";
import {
  putPod,
  type Reflection,
  reflectPods,
  removePod,
  sameAsStored,
  seenBy,
  startServer,
} from "./reflection.ts";

afterEach(cleanUp);

type Step =
  | { readonly do: "put"; readonly pod: string; readonly ip: string }
  | { readonly do: "remove"; readonly pod: string }
  | { readonly do: "fault"; readonly rule: FaultRule }
  | { readonly do: "drop" | "compact" | "restart" | "breathe" };

const pod = fc.constantFrom("a", "b", "c", "d", "e");
const bytes = fc.integer({ min: 0, max: 2_000 });
const fault: fc.Arbitrary<FaultRule["fault"]> = fc.oneof(
  fc.record({ kind: fc.constant("reset" as const), bytes }),
  fc.record({ kind: fc.constant("truncate" as const), bytes }),
  fc.record({ kind: fc.constant("stall" as const), bytes }),
  fc.record({ kind: fc.constant("status" as const), code: fc.constantFrom(401, 403, 410, 429, 500, 503) }),
  fc.record({ kind: fc.constant("html" as const), code: fc.constantFrom(200, 502) }),
  fc.constant({ kind: "expireContinue" as const, afterPage: 1 }),
  fc.record({
    kind: fc.constant("inject" as const),
    text: fc.constantFrom("{\n", "[]\n", '{"type":"ERROR"}\n'),
  }),
);
const on = fc.constantFrom("list" as const, "page" as const, "watch" as const);
/** A list that stalls is given up after 20 s, for which nobody waits here. */
const rule: fc.Arbitrary<FaultRule> = fc
  .record({ on, times: fc.integer({ min: 1, max: 3 }), fault })
  .filter((one) => one.fault.kind !== "stall" || one.on === "watch");

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("put" as const), pod, ip: fc.ipV4() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), pod }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("fault" as const), rule }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("drop" as const, "compact", "restart", "breathe") }),
  },
);

const behaviour = fc.record({
  expired: fc.constantFrom("status" as const, "event"),
  watchList: fc.constantFrom(true, false, "ignored" as const),
  bookmarkMilliseconds: fc.constantFrom(2, 60_000),
});

const limits = { openMilliseconds: 40, silenceMilliseconds: 40, initialMilliseconds: 20 };

const take = async (server: ApiServer, reflection: Reflection, step: Step): Promise<void> => {
  switch (step.do) {
    case "put":
      putPod(server, step.pod, step.ip);
      return;
    case "remove":
      removePod(server, step.pod);
      return;
    case "fault":
      server.faults.set(step.rule);
      return;
    case "drop":
      server.dropWatches();
      return;
    case "compact":
      return server.compact();
    case "restart":
      await reflection.reflector.stop();
      return reflection.start();
    case "breathe":
      await delay(5);
  }
};

/** What somebody knows who reads everything at `listed` and then goes by the changes alone. */
const follow = (mirror: Map<string, string>, what: string, reflection: Reflection) => {
  if (what === "recovered") return;
  if (what === "listed") {
    mirror.clear();
    for (const [key, ip] of Object.entries(seenBy(reflection))) mirror.set(key, ip);
    return;
  }
  const key = what.slice(1);
  const now = reflection.reflector.objects.get(key)?.ip;
  assert.equal(mirror.has(key), !what.startsWith("+"), `${what} is told rightly`);
  assert.equal(now === undefined, what.startsWith("-"), `${what} is held rightly`);
  if (now === undefined) mirror.delete(key);
  else mirror.set(key, now);
};

test("after any history, under any faults, the reflector holds what the server has, and so does who listens", async () => {
  const histories = fc.asyncProperty(fc.array(step, { maxLength: 25 }), behaviour, async (steps, how) => {
    const server = await startServer({ behaviour: how });
    const mirror = new Map<string, string>();
    const reflection: Reflection = reflectPods(server, {
      limits,
      watchList: true,
      pageSize: 2,
      hear: (what) => follow(mirror, what, reflection),
    });
    try {
      reflection.start();
      for (const one of steps) await take(server, reflection, one);
      server.faults.clear();
      await sameAsStored(server, reflection);
      assert.deepEqual(Object.fromEntries([...mirror].toSorted()), seenBy(reflection));
      assert.doesNotMatch(reflection.troubles.join(), /rightly/);
    } finally {
      await cleanUp();
    }
  });
  await fc.assert(histories, { numRuns: 40 });
});
