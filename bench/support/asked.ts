import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** What changes came to so far in a program whose functions `alone/cloud.ts` runs. */
export type Asked = z.infer<typeof asked>;

const asked = z.strictObject({
  /** Of changed target groups, as the bus brought them to the reducer's queue. */
  events: z.int(),
  /** Requests that write into the table, whoever of these functions sent them; one may have several items. */
  writes: z.int(),
});

const fileIn = (folder: string) => join(folder, "asked.json");

export const readAsked = (folder: string): Asked =>
  asked.parse(JSON.parse(readFileSync(fileIn(folder), "utf8")));

/** Whole or not at all, since others read it meanwhile. */
export const writeAsked = (folder: string, now: Asked): void => {
  const own = `${fileIn(folder)}.new`;
  writeFileSync(own, JSON.stringify(now));
  renameSync(own, fileIn(folder));
};
