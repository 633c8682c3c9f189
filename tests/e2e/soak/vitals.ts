import * as z from "zod";

/** What a process says of itself, after a collection. Bytes, but for the count of open files. */
export const vitals = z.object({
  pid: z.number(),
  resident: z.number(),
  /** Of that what no file stands behind: pages of mapped files, such as the table's, go when others need the room. */
  own: z.number(),
  /** Of that what V8 has for the heaps of all threads, in use or not. */
  reserved: z.number(),
  /** Of the mapped files those of the table. */
  table: z.number(),
  /** In use by V8, and what hangs on it outside; of the main thread. */
  heap: z.number(),
  files: z.number(),
});

export type Vitals = z.infer<typeof vitals>;
