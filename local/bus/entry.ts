import * as z from "zod";
import { ServiceError } from "../protocol.ts";
import type { BusEvent } from "./rule.ts";

/** One entry of PutEvents as it came over the wire. */
export type Entry = z.infer<typeof entrySchema>;

/** Why one entry failed, while its neighbours may be well. */
export interface EntryProblem {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Checks what refuses a request as a whole: its shape, one to ten entries, 256 KB. */
export const readEntries = (input: unknown): readonly Entry[] => {
  const parsed = putSchema.safeParse(input);
  if (!parsed.success) throw new ServiceError("ValidationException", z.prettifyError(parsed.error));
  const entries = parsed.data.Entries;
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > mostBytes)
    throw new ServiceError(
      "ValidationException",
      "Total size of the entries in the request is over the limit.",
    );
  return entries;
};

/** The event of an entry, or why there is none. */
export const toEvent = (
  entry: Entry,
  made: Omit<BusEvent, "version" | "detail-type" | "source" | "resources" | "detail">,
): BusEvent | EntryProblem => {
  const { Source, DetailType, Detail, Resources } = entry;
  if (!Source || !DetailType || !Detail) {
    const missing = Source ? (DetailType ? "Detail" : "DetailType") : "Source";
    return problem(
      "InvalidArgument",
      `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    );
  }
  if (Source.startsWith("aws."))
    return problem("NotAuthorizedForSource", `Not authorized for the source ${Source}.`);
  const detail = parse(Detail);
  if (!detail) return problem("MalformedDetail", "Detail is malformed.");
  const time = entry.Time === undefined ? made.time : isoSeconds(entry.Time * 1000);
  return {
    version: "0",
    ...made,
    time,
    "detail-type": DetailType,
    source: Source,
    resources: Resources ?? [],
    detail,
  };
};

/** EventBridge tells time in whole seconds. */
export const isoSeconds = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

const mostBytes = 256 * 1024;

/** The furthest that JavaScript's dates go, in seconds. */
const lastTime = 8.64e12;

const entrySchema = z.object({
  Time: z.number().min(-lastTime).max(lastTime).optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  EventBusName: z.string().optional(),
});

const putSchema = z.object({ Entries: z.array(entrySchema).min(1).max(10) });

/** As the EventBridge User Guide counts ("Calculating PutEvents event entry size"). */
const sizeOf = ({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const problem = (ErrorCode: string, ErrorMessage: string): EntryProblem => ({ ErrorCode, ErrorMessage });

const parse = (text: string): object | undefined => {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
};
