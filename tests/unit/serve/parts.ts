import { text as readText } from "node:stream/consumers";
import { createMemoryBlobs } from "../../../lib/blob/memory.ts";
import { createMemoryReloads } from "../../../lib/config/memory.ts";
import { createMemoryDeadLetterCount } from "../../../lib/deadletter/memory.ts";
import type { Answer } from "../../../lib/door/answer.ts";
import { createHistory } from "../../../lib/history/history.ts";
import { createMemoryHistory } from "../../../lib/history/memory.ts";
import { createLists } from "../../../lib/httpsd/list.ts";
import { silentMeter } from "../../../lib/meter.ts";
import { createMemoryLag, createMemoryPool, createMemoryStatuses } from "../../../lib/pool/memory.ts";
import { createView } from "../../../lib/pool/view.ts";

/** What `serve` is made of, in this process and with nothing in it; `pool` and `log` are what it reads. */
export const createServeParts = (clock: () => number) => {
  const [pool, blobs, log] = [createMemoryPool(clock), createMemoryBlobs(clock), createMemoryHistory()];
  const parts = {
    statuses: createMemoryStatuses(),
    deadLetterCount: createMemoryDeadLetterCount(),
    lag: createMemoryLag(clock),
    reloads: createMemoryReloads(),
    lists: createLists(createView(pool, clock)),
    history: createHistory({ log, pool, blobs, clock }),
    blobs,
    meter: silentMeter,
    clock,
  };
  return { pool, log, parts };
};

/** An answer with its whole body, and what that is where it is JSON. */
export const readWhole = async (answer: Answer) => {
  const body = typeof answer.body === "string" ? answer.body : await readText(answer.body);
  return { ...answer, body, json: /^[{[]/.test(body) ? JSON.parse(body) : undefined };
};
