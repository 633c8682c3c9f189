import type { Log } from "../../log.ts";
import type { Mapper } from "../mapper/mapper.ts";
import type { Objects } from "../objects/objects.ts";
import type { Provider } from "../provider/provider.ts";

/** What one adapter answers from. */
export interface AnswerParts {
  readonly provider: Provider;
  /** Rejects when the cluster's resources are not known. */
  readonly mapper: () => Promise<Mapper>;
  readonly objects: Objects;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
  /** Aborted when nobody waits for the answer any longer. */
  readonly signal?: AbortSignal | undefined;
}
