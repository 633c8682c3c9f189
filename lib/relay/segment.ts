import { concerned } from "../announce/concerned.ts";
import type { Plan } from "../discovery/current.ts";
import type { FollowListener } from "../discovery/follower.ts";
import { createAgenda } from "./agenda.ts";
import { type Checks, createChecks } from "./check.ts";
import { flush } from "./flush.ts";
import { type Ending, oversee } from "./oversee.ts";
import { createPauses } from "./pauses.ts";
import { createQueue } from "./queue.ts";
import { drain, isReady, look } from "./relook.ts";
import type { Segment, Slice } from "./slice.ts";
import { createTending } from "./tending.ts";

/**
 * Follows a cluster while one plan holds. One loop announces everything, one thing after the other, so that of two events
 * for one source the one with the later version has the later state. What waits when another plan ends the segment is
 * found by the full check with which the next one begins.
 */
export const runSegment = async (slice: Slice, plan: Plan): Promise<Ending> => {
  const ending = oversee(slice, plan);
  try {
    const segment = begin(slice, plan, ending);
    await loop(segment, createChecks(segment, plan));
    if (isOrderly(ending)) await drain(segment);
    return ending;
  } finally {
    ending.stop();
    await slice.records.settle();
    await slice.letGo({ keep: true });
  }
};

/** The lease is still ours, and nobody comes after us in this slice. */
const isOrderly = (ending: Ending) => ["time", "outgrown", "rebuild"].includes(ending.reason() ?? "");

const begin = (slice: Slice, plan: Plan, ending: Ending): Segment => {
  const { bell, cluster, mirrors, parts, records } = slice;
  const { providers } = concerned(cluster, plan, []);
  const ids = new Set(providers.map(({ id }) => id));
  mirrors.keepOnly(ids);
  records.keepOnly(ids);
  const [queue, agenda] = [createQueue(), createAgenda()];
  const listener: FollowListener = {
    changed: (change) => {
      queue.add(change, parts.clock.now());
      bell.ring();
    },
    lookAgain: (asked) => {
      for (const { id } of asked) agenda.put(id, parts.clock.now());
      bell.ring();
    },
  };
  const following = slice.follow({ cluster, providers }, listener);
  const pauses = createPauses(parts.random);
  const lookPauses = createPauses(parts.random);
  const limits = plan.settings.guard;
  return {
    ...slice,
    providers,
    limits,
    following,
    queue,
    agenda,
    pauses,
    lookPauses,
    unread: new Map(),
    ending,
  };
};

const loop = async (segment: Segment, checks: Checks): Promise<void> => {
  const tend = createTending(segment);
  while (segment.ending.reason() === undefined) {
    checks.tend();
    tend();
    await turn(segment, checks);
  }
};

const turn = async (segment: Segment, checks: Checks): Promise<void> => {
  const { agenda, bell, mirrors, parts, queue } = segment;
  if (checks.isReady()) return checks.make();
  const now = parts.clock.now();
  // What was never compared with the pool waits for the first check, which looks at everything.
  const due = new Set(agenda.take(now).filter((provider) => mirrors.of(provider).isRead()));
  const providers = segment.providers.filter(({ id }) => due.has(id));
  if (providers.length > 0) return void (await look({ providers, abandoned: [] }, segment));
  const changes = queue.take(now, isReady(segment));
  if (changes.size > 0) return flush(changes, segment);
  await bell.rest(Math.min(queue.nextAt(isReady(segment)), agenda.nextAt(), now + longestRest) - now);
};

/** Milliseconds; nothing without an alarm of its own needs to be more punctual. */
const longestRest = 250;
