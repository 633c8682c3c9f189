import * as z from "zod";
import { type Answer, readAll } from "../../http/transport.ts";

/** A list of Docker's API. */
export interface Resource<Item> {
  /** Below the version's prefix. */
  readonly path: string;
  readonly item: z.ZodType<Item>;
}

/** The items of a list; `null` is an empty one, as in Go. Throws an Error of one line for anything else. */
export const parseList = async <Item>(
  answer: Answer,
  { item }: Resource<Item>,
  maxBytes: number,
): Promise<readonly Item[]> => {
  await refuseUnfit(answer);
  const text = (await readAll(answer, maxBytes)).toString("utf8");
  const parsed = z.array(item).nullable().safeParse(jsonOf(text));
  if (parsed.success) return parsed.data ?? [];
  const [issue] = parsed.error.issues;
  throw new Error(oneLine(`${issue?.path.join(".") || "the body"}: ${issue?.message}`));
};

/** Throws for a status other than 200. The daemon says in the body why it refuses, and that is told. */
export const refuseUnfit = async (answer: Answer): Promise<void> => {
  if (answer.status === 200) return;
  const status = `HTTP status ${answer.status} ${answer.statusText}`.trimEnd();
  // Whatever stands before a daemon may answer anything, at any length; the status is what counts.
  const words = await wordsIn(answer).catch(() => undefined);
  throw new Error(words === undefined ? status : oneLine(`${status}: ${words}`));
};

const wordsIn = async (answer: Answer): Promise<string> =>
  refusal.parse(jsonOf((await readAll(answer, longestRefusal)).toString("utf8"))).message;

const longestRefusal = 16 * 1024;
const refusal = z.object({ message: z.string().max(1000) });

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 500);

/** The parser's own words are left out: they quote the text, line ends and all. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("not JSON");
  }
};
