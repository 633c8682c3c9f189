import { type Concerned, concerned } from "../announce/concerned.ts";
import type { Plan } from "../discovery/current.ts";
import { reasonOf } from "../errors.ts";
import { type PoolReading, readPool } from "./poolreading.ts";
import type { Segment } from "./slice.ts";
import { type Checked, createSteps, type Steps } from "./steps.ts";

/** The full check: what is followed against the pool itself, abandoned providers included (promise 5). */
export interface Checks {
  /** Begins to read the pool, in the background, when a check is due; the bell rings once it is read. */
  tend(): void;
  /** The pool was read, or the next step of the check is prepared. */
  isReady(): boolean;
  /** Makes as much of the check as can be made now. */
  make(): Promise<void>;
}

/** The first check is due at once. */
export const createChecks = (segment: Segment, plan: Plan): Checks => {
  const { bell, cluster, lookPauses, parts, providers } = segment;
  const { clock, log } = parts;
  const fillPace = createFillPace();
  let dueAt = clock.now();
  let isReading = false;
  let read: PoolReading | undefined;
  let steps: Steps | undefined;
  const reading = async () => {
    try {
      read = await readPool(providers, parts);
      lookPauses.worked(thePool);
      bell.ring();
    } catch (error) {
      log.warn("no check: the records could not be read", { cluster, reason: reasonOf(error) });
      dueAt = lookPauses.failed(thePool, clock.now());
    } finally {
      isReading = false;
    }
  };
  let isWhole = true;
  const begin = (current: PoolReading): Steps | undefined => {
    if (current.behind) {
      log.warn("no check: the reducer is more than a minute behind", { cluster });
      dueAt = clock.now() + behindPace;
      return undefined;
    }
    const known = concerned(cluster, plan, current.statuses);
    isWhole = takeOver(current, known, segment);
    return createSteps({ providers, abandoned: abandonedOf(known) }, segment);
  };
  const end = ({ whole, retired }: Checked) => {
    steps = undefined;
    const wait = Math.min(checkEvery, retired ? retirePace : checkEvery, fillPace(segment));
    const now = clock.now();
    dueAt = isWhole && whole ? now + wait : lookPauses.failed(thePool, now);
  };
  return {
    tend: () => {
      const isUnderWay = isReading || read !== undefined || steps !== undefined;
      if (isUnderWay || clock.now() < dueAt) return;
      isReading = true;
      void reading();
    },
    isReady: () => read !== undefined || steps?.isReady() === true,
    make: async () => {
      if (read !== undefined) {
        steps = begin(read);
        read = undefined;
      }
      const checked = steps?.isReady() ? await steps.next() : undefined;
      if (checked !== undefined) end(checked);
    },
  };
};

/**
 * Milliseconds between checks. With the time after which an announcement counts as lost, a minute's lag of the reducer
 * included, what was lost is announced again within five minutes.
 */
const checkEvery = 220_000;
/** While the reducer is too far behind. */
const behindPace = 10_000;
/** After groups of an abandoned provider were removed. */
const retirePace = 60_000;

const thePool = "pool";

const abandonedOf = ({ providers, known }: Concerned) => {
  const own = new Set(providers.map(({ id }) => id));
  return known.filter(({ provider }) => !own.has(provider));
};

/** Returns whether the pool could be read for every provider; of the others the mirror stays as it was. */
const takeOver = ({ indexes }: PoolReading, { known }: Concerned, segment: Segment): boolean => {
  const { cluster, mirrors, parts, records, unread } = segment;
  records.load(known);
  unread.clear();
  let repaired = 0;
  for (const [provider, read] of indexes) {
    if (typeof read === "string") {
      unread.set(provider, read);
      continue;
    }
    const mirror = mirrors.of(provider);
    const lost = mirror.refresh(read.index, read.reading);
    records.add(provider, { repaired: lost });
    repaired += lost;
    const status = records.of(provider);
    if (status?.lastSuccess !== undefined && mirror.applied() >= status.sources) records.fill(provider);
  }
  if (repaired > 0)
    parts.log.warn("check repaired: the pool lacks what was announced", { cluster, repaired });
  return unread.size === 0;
};

/**
 * Readers get no list before the pool was seen to hold what the first look announced, so that is worth a few checks soon
 * after it. Milliseconds until the next.
 */
const createFillPace = () => {
  let pace = 2_500;
  return ({ providers, records }: Segment): number => {
    if (providers.every(({ id }) => isFilled(records.of(id)))) return Number.POSITIVE_INFINITY;
    pace *= 2;
    return pace;
  };
};

const isFilled = (status: { filled?: boolean; lastSuccess?: number } | undefined) =>
  status?.filled === true || status?.lastSuccess === undefined;
