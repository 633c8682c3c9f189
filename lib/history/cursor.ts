import { hash } from "node:crypto";
import * as z from "zod";
import type { Position } from "./page.ts";

/** A position as text for the next question, which must be the same but for the cursor: `question` says what it was. */
export const cursorText = ({ at, provider, shard, key }: Position, question: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([digestOf(question), at, provider, shard, key])).toString("base64url");

/** Undefined for what is no cursor, or that of another question. */
export const positionIn = (text: string, question: readonly unknown[]): Position | undefined => {
  const parsed = schema.safeParse(parse(text));
  if (!parsed.success) return undefined;
  const [digest, at, provider, shard, key] = parsed.data;
  return digest === digestOf(question) ? { at, provider, shard, key } : undefined;
};

const schema = z.tuple([
  z.string(),
  z.number().int(),
  z.string().max(100),
  z.number().int().nonnegative(),
  z.string().refine((key) => key !== "" && Buffer.byteLength(key) <= longestKey),
]);

/** DynamoDB's limit for a sort key, in bytes. */
const longestKey = 1_024;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const digestOf = (question: readonly unknown[]) => hash("sha256", JSON.stringify(question)).slice(0, 12);
