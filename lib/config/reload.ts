import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";

/** How reading the configuration last went, as Prometheus tells of its own reloads. */
export interface Reload {
  /** Whether what the files say was accepted, or was accepted already. */
  readonly successful: boolean;
  /** When it last was, Unix milliseconds; 0 before the first time. */
  readonly successAt: number;
}

export interface Reloads {
  /** Undefined before the first tick. */
  read(): Promise<Reload | undefined>;
  put(reload: Reload): Promise<void>;
}

export interface ReloadParts {
  readonly reloads: Reloads;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
}

/** Writes down how it went, for `/metrics`. Never rejects: looks go on when nobody can be told. */
export const noteReload = async (
  successful: boolean,
  { reloads, clock, log }: ReloadParts,
): Promise<void> => {
  try {
    const successAt = successful ? clock() : ((await reloads.read())?.successAt ?? 0);
    await reloads.put({ successful, successAt });
  } catch (error) {
    log.warn("not written down how the configuration was read", { reason: reasonOf(error) });
  }
};
