import { tellHealth } from "../announce/notice.ts";
import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../clock.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import type { Holding } from "../lease/hold.ts";
import type { Log } from "../log.ts";
import type { Statuses } from "../pool/status.ts";
import { isWorthWriting, type RecordState } from "./recordstate.ts";

export interface RecordWriterParts {
  readonly statuses: Statuses;
  readonly bus: Bus;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly lease: Pick<Holding, "expiresAt">;
}

/** Writes records one round after the other, so that no older one overtakes a newer one of its provider. */
export const createRecordWriter = (states: ReadonlyMap<string, RecordState>, parts: RecordWriterParts) => {
  const { clock } = parts;
  let round: Promise<unknown> | undefined;
  const write = async (due: readonly RecordState[]) => {
    await inFlight(writesUnderWay, due, (state) => writeOne(state, parts));
    round = undefined;
  };
  return {
    /** Begins a round for what is worth it, unless one is under way. */
    wake: () => {
      const due = [...states.values()].filter((state) => isWorthWriting(state, clock.now()));
      if (round === undefined && due.length > 0) round = write(due);
    },
    idle: async () => {
      await round;
    },
    settle: async () => {
      await round;
      await write([...states.values()].filter(({ status, written }) => status !== written));
    },
  };
};

const writesUnderWay = 4;

/** Never rejects. Whoever holds the lease by now has a newer record. */
const writeOne = async (state: RecordState, { statuses, bus, clock, log, lease }: RecordWriterParts) => {
  const { status, untold } = state;
  if (clock.now() >= lease.expiresAt()) return;
  state.untold = undefined;
  state.triedAt = clock.now();
  if (untold !== undefined)
    await tellHealth({ before: untold, after: status, now: clock.now() }, { bus, log });
  try {
    await statuses.put(status);
    state.written = status;
    state.failed = false;
  } catch (error) {
    state.failed = true;
    log.warn("a provider's record was not written", { provider: status.provider, reason: reasonOf(error) });
  }
};
