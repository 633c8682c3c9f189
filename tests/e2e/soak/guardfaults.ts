import assert from "node:assert/strict";
import type { StoredObject } from "../../../local/demo/object.ts";
import { bare } from "../crash/objects.ts";
import { truthOf } from "../crash/truth.ts";
import { eventually } from "../eventually.ts";
import { reload } from "../rollcall.ts";
import type { FaultKind, Stage } from "./fault.ts";

/** Nearly every pod is away at once, as when an API server answers out of an empty cache. */
const emptied = async (stage: Stage, after: (gone: readonly StoredObject[]) => Promise<void>) => {
  const { looked, program } = stage;
  const { server, churn, pace, prefix } = looked;
  const job = `${prefix}pods`;
  churn.pause();
  try {
    await settled(stage, job);
    const [, ...gone] = server.objects("Pod");
    const before = (await program().list(job)).length;
    for (const { metadata } of gone) server.remove("Pod", metadata.namespace ?? "", metadata.name);
    await eventually("the guard holds the removals (promise 4)", 40, async () => {
      await reload(program());
      assert.ok(await isHeld(stage, job));
    });
    assert.equal((await program().list(job)).length, before, "the guard let removals go at once (promise 4)");
    await after(gone);
    await eventually("the guard holds nothing any more", 60, async () => {
      await reload(program());
      assert.ok(!(await isHeld(stage, job)));
    });
    return gone.length;
  } finally {
    churn.resume(pace);
  }
};

const isHeld = async ({ program }: Stage, job: string) =>
  (await program().providers()).find(({ jobs }) => jobs.includes(job))?.guard != null;

/** The list is as long as the cluster has pods with an address, before anything goes. */
const settled = ({ program, looked }: Stage, job: string) =>
  eventually("the list is settled", 60, async () => {
    await reload(program());
    const lines = [...truthOf(looked.server).pods.values()].flat();
    assert.equal((await program().list(job)).flatMap(({ targets }) => targets).length, lines.length);
  });

export const guardFaults: readonly FaultKind[] = [
  {
    name: "a complete list that lacks nearly everything, and is mended",
    where: "API server",
    promises: [4],
    befall: (stage) =>
      emptied(stage, async (gone) => {
        for (const object of gone)
          stage.looked.server.apply({ ...object, metadata: { ...bare(object), ...labelsOf(object) } });
      }),
  },
  {
    name: "a complete list that lacks nearly everything, and means it",
    where: "API server",
    promises: [4],
    befall: (stage) => emptied(stage, async () => {}),
  },
];

const labelsOf = ({ metadata: { labels } }: StoredObject) => (labels === undefined ? {} : { labels });
