import { subscribe } from "node:diagnostics_channel";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { join } from "node:path";
import * as z from "zod";

/** What changes came to so far in a local run of several processes. */
export type Asked = z.infer<typeof asked>;

const asked = z.strictObject({
  /** Of changed target groups, as the bus brought them to the reducer's queue. */
  events: z.int(),
  /** Requests that write into the table, whichever function sent them; one may have several items. */
  writes: z.int(),
});

/** The processes that count, each for itself. */
const processes = ["cloud", "relay"] as const;

const fileOf = (folder: string, process: (typeof processes)[number]) => join(folder, `asked-${process}.json`);

/** Of all of them together. */
export const readAsked = (folder: string): Asked => {
  const each = processes.map((one) => asked.parse(JSON.parse(readFileSync(fileOf(folder, one), "utf8"))));
  return {
    events: each.reduce((sum, { events }) => sum + events, 0),
    writes: each.reduce((sum, { writes }) => sum + writes, 0),
  };
};

/** Counts this process's writes from now on, and the events that it is told of, and tells `readAsked` four times a second. */
export const tellAsked = (folder: string, process: (typeof processes)[number]) => {
  const now: Asked = { events: 0, writes: 0 };
  subscribe("http.client.request.start", (message) => {
    const { request } = message as { request: ClientRequest };
    if (writes.test(String(request.getHeader("x-amz-target") ?? ""))) now.writes += 1;
  });
  const file = fileOf(folder, process);
  const tell = () => {
    // Whole or not at all, since others read it meanwhile.
    writeFileSync(`${file}.new`, JSON.stringify(now));
    renameSync(`${file}.new`, file);
  };
  tell();
  setInterval(tell, 250);
  return {
    event: () => {
      now.events += 1;
    },
  };
};

const writes = /^DynamoDB_\w+\.(Put|Update|Delete|BatchWrite|TransactWrite)/;
