import * as z from "zod";

/** Where a page ended: the key of its last entry. Keys are ordered part by part, so what comes and goes in between moves nothing else. */
export type Position = readonly (string | number)[];

export const cursorText = (position: Position): string =>
  Buffer.from(JSON.stringify(position)).toString("base64url");

/** A function that reads such positions; undefined for a text that is none. */
export const cursorReader = <Key extends Position>(key: z.ZodType<Key>) => {
  return (text: string): Key | undefined => {
    if (text.length > longest || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
    try {
      return key.safeParse(JSON.parse(Buffer.from(text, "base64url").toString())).data;
    } catch (error) {
      // Bytes that are no JSON: nobody got such a cursor from here.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
};

/** Whether the position comes later than the other; both are keys of one kind. */
export const isAfter = (position: Position, other: Position): boolean => {
  for (const [at, part] of position.entries()) {
    const beside = other[at];
    if (beside === undefined || part === beside) continue;
    return part > beside;
  }
  return false;
};

/** Names of sources may be long. */
const longest = 16_384;

export const placeOfTarget = z.tuple([z.string(), z.string(), z.string(), z.int().min(0)]);
export const placeOfGroup = z.tuple([z.string(), z.string()]);
