import type { Blobs } from "../blob/blob.ts";
import { TransientError } from "../errors.ts";
import type { Applied, Apply, Offer } from "../pool/apply.ts";
import { applyEach } from "../pool/apply.ts";
import type { PoolStates, PoolWriter, State } from "../pool/pool.ts";
import { supersedes } from "../pool/reducer.ts";
import { isLater } from "../targetgroup/event.ts";
import { changeMade } from "./change.ts";
import type { Change, HistoryLog } from "./log.ts";
import { createOwners } from "./owners.ts";

export interface RecordParts {
  readonly pool: Pick<PoolWriter, "offer"> & PoolStates;
  readonly log: Pick<HistoryLog, "append">;
  readonly blobs: Blobs;
  /** Milliseconds (terms.ts). */
  readonly retention: () => Promise<number>;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/**
 * Applies a batch and keeps what it replaces (ADR 14): what is held is read, the entries are written, and then each
 * group takes the place of the very state that was read. Should another one be held by then, that source begins anew.
 * Two requests a batch more than without history; whatever dies on the way is repaired when the message comes again.
 */
export const createRecorder = (parts: RecordParts): Apply => {
  const owners = createOwners(parts.clock);
  const direct = applyEach(parts.pool);
  return async (offers) => {
    const settled = new Map<Offer, PromiseSettledResult<Applied>>();
    const retention = await parts.retention();
    if (retention === 0) return direct(offers);
    await inRounds(lanesOf(offers), (lanes) => round(lanes, { ...parts, retention, owners, settled }));
    return offers.map((offer) => settled.get(offer)!);
  };
};

/** The offers of one source that are still to come, the oldest first. */
interface Lane {
  readonly provider: string;
  readonly source: string;
  readonly waiting: Offer[];
  /** How often another state was held than the one read. */
  conflicts: number;
}

interface Round extends Omit<RecordParts, "retention"> {
  readonly retention: number;
  readonly owners: ReturnType<typeof createOwners>;
  readonly settled: Map<Offer, PromiseSettledResult<Applied>>;
}

/** A source that loses this often in a row comes again with its message. */
const mostConflicts = 8;

const lanesOf = (offers: readonly Offer[]): Lane[] => {
  const bySource = Map.groupBy(offers, ({ event, group }) => JSON.stringify([event.provider, group.source]));
  return [...bySource.values()].map((ones) => ({
    provider: ones[0]!.event.provider,
    source: ones[0]!.group.source,
    waiting: ones.toSorted((a, b) => (isLater(a.event.version, b.event.version) ? 1 : -1)),
    conflicts: 0,
  }));
};

/** One offer of each source at a time: the second of a source replaces the first. */
const inRounds = async (all: readonly Lane[], work: (lanes: readonly Lane[]) => Promise<void>) => {
  for (let lanes = all; lanes.length > 0; lanes = lanes.filter(({ waiting }) => waiting.length > 0))
    await work(lanes);
};

const round = async (lanes: readonly Lane[], parts: Round): Promise<void> => {
  try {
    const states = await parts.pool.states(lanes);
    const steps = lanes.flatMap((lane, at) => nextStep(lane, states[at], parts.settled));
    const changes = await Promise.all(steps.map((step) => changeOf(step, parts)));
    await append(steps, changes, parts);
    await Promise.all(steps.map((step, at) => take(step, changes[at]!, parts)));
  } catch (error) {
    // One that the table refuses must not stop its neighbours (promise 6).
    if (lanes.length > 1 && !(error instanceof TransientError))
      for (const lane of lanes) await round([lane], parts);
    else for (const lane of lanes) fail(lane, error, parts);
  }
};

interface Step {
  readonly lane: Lane;
  readonly offer: Offer;
  readonly held: State | undefined;
}

/** The lane's first offer that is news; those before it are done. */
const nextStep = (lane: Lane, held: State | undefined, settled: Round["settled"]): Step[] => {
  for (let offer = lane.waiting[0]; offer !== undefined; offer = lane.waiting[0]) {
    if (supersedes(offer.event.version, held?.version)) return [{ lane, offer, held }];
    settled.set(offer, { status: "fulfilled", value: "stale" });
    lane.waiting.shift();
  }
  return [];
};

const changeOf = ({ offer, held }: Step, { blobs }: Round) => changeMade(offer, held, blobs);

const append = async (steps: readonly Step[], changes: readonly Change[], parts: Round) => {
  if (changes.length === 0) return;
  const { log, retention, clock } = parts;
  const due = parts.owners.due(steps.map(({ offer }) => offer.event));
  await log.append({ changes, owners: due, retention, now: clock() });
  parts.owners.told(due);
};

/** Blobs of replaced states stay a day longer than the entries that name them. */
const afterwards = 24 * 3_600_000;

const take = async ({ lane, offer, held }: Step, change: Change, parts: Round): Promise<void> => {
  try {
    const keptUntil = change.at + parts.retention + afterwards;
    const result = await parts.pool.replace(offer.event, offer.group, { of: held, keptUntil });
    lane.conflicts = result === "moved" ? lane.conflicts + 1 : 0;
    if (lane.conflicts > mostConflicts) throw new TransientError(`${lane.source} changes too often`);
    if (result === "moved") return;
    lane.waiting.shift();
    parts.settled.set(offer, { status: "fulfilled", value: result });
  } catch (error) {
    fail(lane, error, parts);
  }
};

const fail = (lane: Lane, reason: unknown, { settled }: Round) => {
  for (const offer of lane.waiting.splice(0)) settled.set(offer, { status: "rejected", reason });
};
