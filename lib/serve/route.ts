import type { Blobs } from "../blob/blob.ts";
import type { Plan } from "../discovery/current.ts";
import type { Access } from "../door/access.ts";
import type { Answer } from "../door/answer.ts";
import type { Request } from "../door/request.ts";
import type { createLists } from "../httpsd/list.ts";
import type { Statuses } from "../pool/status.ts";

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
  readonly lists: ReturnType<typeof createLists>;
  readonly blobs: Blobs;
  /** Unix milliseconds. */
  readonly clock: () => number;
}
