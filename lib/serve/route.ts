import type { Blobs } from "../blob/blob.ts";
import type { Reloads } from "../config/reload.ts";
import type { DeadLetterCount } from "../deadletter/deadletter.ts";
import type { Plan } from "../discovery/current.ts";
import type { Access } from "../door/access.ts";
import type { Answer } from "../door/answer.ts";
import type { Request } from "../door/request.ts";
import type { History } from "../history/history.ts";
import type { createLists } from "../httpsd/list.ts";
import type { Meter } from "../meter.ts";
import type { Cycles } from "../metrics/cycles/cycles.ts";
import type { ReducerLag } from "../pool/lag.ts";
import type { Statuses } from "../pool/status.ts";
import type { ReaderMarks } from "../readers/readers.ts";
import type { ReaderRecorder } from "../readers/recorder.ts";
import type { Polling } from "./polling.ts";

/** One path of the door (design §3.4). */
export interface Route {
  /** Without a leading slash. Ending in `/` it stands for everything below: what follows is `rest`. */
  readonly path: string;
  readonly answer: (asked: Asked, parts: ServeParts) => Promise<Answer>;
}

export interface Asked {
  readonly request: Request;
  /** Only what the asker may see: jobs and providers of others are not there. */
  readonly plan: Plan;
  readonly access: Access;
  /** What follows the route's path, as the door decoded it. */
  readonly rest: string;
}

export interface ServeParts {
  readonly statuses: Statuses;
  readonly deadLetterCount: Pick<DeadLetterCount, "read">;
  readonly lag: Pick<ReducerLag, "read">;
  readonly reloads: Pick<Reloads, "read">;
  /** How cycles of cluster metrics went; absent where nobody collects. */
  readonly cycles?: Pick<Cycles, "records"> | undefined;
  readonly lists: ReturnType<typeof createLists>;
  readonly history: History;
  readonly blobs: Blobs;
  /** Who reads the lists; absent: nobody keeps that in mind. */
  readonly readers?:
    | { readonly marks: Pick<ReaderMarks, "of">; readonly recorder: ReaderRecorder }
    | undefined;
  /** Absent where the page was never built: a browser then gets the plain overview. */
  readonly page?: PageFiles | undefined;
  /** Absent: a reader cannot wait for a list to change. */
  readonly polling?: Polling | undefined;
  /** How fast the door hands on a big answer, bytes a second; absent or 0: as fast as the reader takes it. */
  readonly doorSpeed?: number | undefined;
  readonly meter: Meter;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/** The page's files by name, as `page/build.ts` left them. */
export type PageFiles = ReadonlyMap<string, string>;
