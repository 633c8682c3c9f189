import { inFlight } from "../inflight.ts";
import type { PoolStates, State } from "../pool/pool.ts";
import { versionText } from "../pool/versiontext.ts";
import { isLater, type Version } from "../targetgroup/event.ts";
import type { Change, HistoryLog } from "./log.ts";

export interface ConfirmParts {
  readonly log: Pick<HistoryLog, "successorOf">;
  readonly pool: Pick<PoolStates, "states">;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/**
 * Of entries in the log those whose change was made. Each state knows which one it replaced; what is held, and what was
 * held when it was replaced itself, bears witness. Reads the pool after the log: a change made by then is known.
 */
export const confirmed = async (changes: readonly Change[], parts: ConfirmParts): Promise<Change[]> => {
  const held = await parts.pool.states(changes);
  const witnesses = new Map(
    changes.flatMap((change) =>
      change.before ? [[nameOf(change, change.before.version), change.before]] : [],
    ),
  );
  const isMade = await inFlight(successorsUnderWay, [...changes.entries()], async ([at, change]) => {
    const near = held[at];
    // Versions only grow, so one beyond what is held never was, or is about to be.
    if (near !== undefined && isLater(change.version, near.version)) return false;
    const witness = isOf(change, near)
      ? near
      : (witnesses.get(nameOf(change, change.version)) ??
        (await parts.log.successorOf(change, parts.clock())));
    // A removed source is forgotten after two days, and its removal is the last that was told of it.
    if (witness === undefined) return near === undefined && change.after.removed;
    return witness.previous === undefined || witness.previous === versionText(change.before?.version);
  });
  return changes.filter((_, at) => isMade[at]);
};

const successorsUnderWay = 16;

const isOf = ({ version }: Change, state: State | undefined): boolean =>
  state !== undefined && state.version.epoch === version.epoch && state.version.sequence === version.sequence;

const nameOf = ({ provider, source }: Change, version: Version) =>
  JSON.stringify([provider, source, versionText(version)]);
