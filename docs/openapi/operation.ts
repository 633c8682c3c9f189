import type * as z from "zod";
import type { Parameter } from "./parameters.ts";

/** One operation of the document. */
export interface Operation {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** By status. */
  readonly answers: Readonly<Record<number, Described>>;
  /** Answered without a token. */
  readonly isOpen?: boolean;
}

export interface Described {
  readonly text: string;
  /** By media type; null for text that has no schema. Absent: no body. */
  readonly content?: Readonly<Record<string, Content | null>>;
}

/** `data` of Prometheus's envelope, or the whole body. */
export type Content = { readonly data: z.ZodType } | { readonly whole: z.ZodType };

export const json = (text: string, schema: z.ZodType): Described => ({
  text,
  content: { "application/json": { data: schema } },
});
export const whole = (text: string, schema: z.ZodType): Described => ({
  text,
  content: { "application/json": { whole: schema } },
});
export const plain = (text: string): Described => ({ text, content: { "text/plain": null } });
