import type { Blobs } from "../blob/blob.ts";
import { inFlight } from "../inflight.ts";
import type { Entry, Held, PoolIndex } from "../pool/pool.ts";
import { versionText } from "../pool/versiontext.ts";
import { type ProviderView, viewOfEntries } from "../pool/view.ts";
import { isLater, type Version } from "../targetgroup/event.ts";
import { groupOf } from "./change.ts";
import type { Change, HistoryLog, Mark } from "./log.ts";
import { shards, weeksBack } from "./partition.ts";

export interface PastParts {
  readonly log: Pick<HistoryLog, "marks" | "changes">;
  readonly pool: PoolIndex;
  readonly blobs: Blobs;
}

export interface Moment {
  /** Unix milliseconds. */
  readonly at: number;
  /** Until then changes may have been seen, by whatever clock. */
  readonly until: number;
  /** The provider's groups as they are now, read when it is called. */
  readonly live: () => Promise<ProviderView>;
}

/**
 * A provider's groups as they were: what is held now, every later change undone (ADR 14). The index is read before the
 * groups and those before the log, so that a change in between is found in the log.
 */
export const viewAt = async (
  parts: PastParts,
  provider: string,
  { at, until, live }: Moment,
): Promise<ProviderView> => {
  const index = await parts.pool.index(provider);
  const now = await live();
  const later = await laterMarks(parts.log, provider, [at + 1, until]);
  const entries = new Map<string, Entry>(now.entries);
  const replaced: Mark[] = [];
  for (const [source, marks] of later) {
    const then = stateThen(index.get(source), marks);
    if (then === "held") continue;
    entries.delete(source);
    if (then !== "none") replaced.push(then);
  }
  for (const entry of await entriesBefore(await parts.log.changes(replaced), parts.blobs))
    entries.set(entry.source, entry);
  return viewOfEntries([...entries.values()]);
};

const readsUnderWay = 16;

const laterMarks = async (log: PastParts["log"], provider: string, [since, until]: [number, number]) => {
  const bySource = new Map<string, Mark[]>();
  const partitions = weeksBack(since, until).flatMap((week) =>
    shards.map((shard) => ({ provider, shard, week })),
  );
  await inFlight(readsUnderWay, partitions, async (partition) => {
    for await (const page of log.marks(partition, { since, until }))
      for (const mark of page) {
        const known = bySource.get(mark.source);
        if (known === undefined) bySource.set(mark.source, [mark]);
        else known.push(mark);
      }
  });
  return bySource;
};

/**
 * What a source was: what it is now, nothing, or what an entry knows as the state before. Each state but the first was
 * made by one change, whose entry leads one step back; of several entries for it the one that knows the latest state
 * before is true, since the others were written by those who read too early and lost.
 */
const stateThen = (held: Held | undefined, later: readonly Mark[]): Mark | "held" | "none" => {
  const made = new Map<string, Mark>();
  for (const mark of later) {
    const other = made.get(versionText(mark.version));
    if (other === undefined || comesLater(mark.before, other.before))
      made.set(versionText(mark.version), mark);
  }
  let state = latest(held, later);
  for (let change = made.get(versionText(state)); change !== undefined; change = made.get(versionText(state)))
    state = change.before;
  if (state === undefined) return "none";
  return later.find(({ before }) => versionText(before) === versionText(state)) ?? "held";
};

/** The latest state that certainly was. One that is not held any more had been removed, and forgotten two days later. */
const latest = (held: Held | undefined, later: readonly Mark[]): Version | undefined => {
  const removals = held === undefined ? later.filter(({ removed }) => removed) : [];
  const states = [
    held?.version,
    ...later.map(({ before }) => before),
    ...removals.map(({ version }) => version),
  ];
  return states.reduce((best, one) => (comesLater(one, best) ? one : best), undefined);
};

const comesLater = (a: Version | undefined, b: Version | undefined): boolean =>
  a !== undefined && (b === undefined || isLater(a, b));

const blobsUnderWay = 8;

const entriesBefore = (changes: readonly Change[], blobs: Blobs): Promise<Entry[]> =>
  inFlight(blobsUnderWay, changes, async ({ source, before }) => {
    if (before === undefined) throw new Error(`${source}: no state before`);
    const { version, hash } = before;
    return { source, version, hash, group: await groupOf(before, source, blobs) };
  });
