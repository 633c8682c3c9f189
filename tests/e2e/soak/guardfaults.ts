import assert from "node:assert/strict";
import * as z from "zod";
import { discoveryDue } from "../../../lib/targetgroup/event.ts";
import type { ApiServer } from "../../../local/demo/apiserver.ts";
import type { StoredObject } from "../../../local/demo/object.ts";
import { bare } from "../crash/objects.ts";
import { truthOf } from "../crash/truth.ts";
import { eventually } from "../eventually.ts";
import { reload } from "../rollcall.ts";
import { type FaultKind, pause, type Stage } from "./fault.ts";
import { order } from "./order.ts";

interface Emptied {
  /** Milliseconds for which removals must stay held. */
  readonly within: number;
  readonly afterwards?: (gone: readonly StoredObject[]) => void;
}

/** Nearly every pod is away at once, as when an API server answers out of an empty cache. */
const emptied = async (stage: Stage, { within, afterwards }: Emptied) => {
  const { looked, program } = stage;
  const { server, churn, pace, prefix } = looked;
  const job = `${prefix}pods`;
  try {
    await filled(stage);
    await settled(stage, job);
    const [, ...gone] = server.objects("Pod");
    const before = (await program().list(job)).length;
    for (const { metadata } of gone) server.remove("Pod", metadata.namespace ?? "", metadata.name);
    // Looks are ordered all the time; waiting for orders here would let an interval go by on a slow machine.
    await eventually("the guard holds the removals (promise 4)", 60, async () => {
      const report = await reportOn(stage, job);
      assert.ok(report.guard !== null, `of ${before} groups: ${JSON.stringify(report)}`);
    });
    await stays(stage, { job, before, within });
    afterwards?.(gone);
    await eventually("the guard holds nothing any more", 60, async () => {
      await reload(program());
      assert.equal((await reportOn(stage, job)).guard, null);
    });
    return gone.length;
  } finally {
    churn.resume(pace);
  }
};

/**
 * The guard lets removals of up to ten targets go at once, and a fault of this kind leaves one pod. So pods come until there are
 * clearly more, a good deal faster than the cluster changes otherwise.
 */
const filled = async ({ looked: { server, churn, pace } }: Stage) => {
  churn.resume(pace * 10);
  await eventually("the cluster has pods enough for the guard", 60, () =>
    assert.ok(podLines(server).length >= fewest),
  );
  churn.pause();
};

/** Of thirty pods, below which the churn removes none, some wait for an address and some for a node. */
const fewest = 20;

const podLines = (server: ApiServer) => [...truthOf(server).pods.values()].flat();

const reportOn = async ({ program }: Stage, job: string) => {
  const report = (await program().providers()).find(({ jobs }) => jobs.includes(job));
  assert.ok(report, `no provider has the job ${job}`);
  return { ...report, guard: held.parse(report.guard) };
};

const held = z.object({ since: z.iso.datetime(), sources: z.number(), targets: z.number() }).nullable();

/** For so long the list says what it said, although the cluster is looked at again and again. Milliseconds. */
const stays = async (
  stage: Stage,
  { job, before, within }: { job: string; before: number; within: number },
) => {
  const { guard, cluster } = await reportOn(stage, job);
  const until = Date.parse(guard?.since ?? "") + within;
  while (Date.now() < until) {
    // The schedule waits until one is due.
    await order(stage, discoveryDue, cluster);
    await pause(500);
    const { length } = await stage.program().list(job);
    assert.ok(length >= before || Date.now() > until, "the guard let removals go at once (promise 4)");
  }
};

/** The list is as long as the cluster has pods with an address, before anything goes. */
const settled = ({ program, looked }: Stage, job: string) =>
  eventually("the list is settled", 60, async () => {
    await reload(program());
    const lines = podLines(looked.server);
    assert.equal((await program().list(job)).flatMap(({ targets }) => targets).length, lines.length);
  });

export const guardFaults: readonly FaultKind[] = [
  {
    name: "a complete list that lacks nearly everything, and is mended",
    where: "API server",
    promises: [4],
    befall: (stage) =>
      emptied(stage, {
        // At once, so that no look confirms it.
        within: 0,
        afterwards: (gone) => {
          for (const object of gone)
            stage.looked.server.apply({ ...object, metadata: { ...bare(object), ...labelsOf(object) } });
        },
      }),
  },
  {
    name: "a complete list that lacks nearly everything, and means it",
    where: "API server",
    promises: [4],
    // Of an interval of ten seconds the guard forgives a tenth.
    befall: (stage) => emptied(stage, { within: 8_500 }),
  },
];

const labelsOf = ({ metadata: { labels } }: StoredObject) => (labels === undefined ? {} : { labels });
