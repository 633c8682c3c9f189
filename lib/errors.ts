import * as z from "zod";
import { withoutSecrets } from "./config/secret.ts";

/** Asks whoever called for another try: a time-out, a throttle, a server that is away. Anything else is permanent. */
export class TransientError extends Error {
  override name = "TransientError";
}

/** A message that can never be applied, whatever is retried; `message` is the reason shown with the dead letter. */
export class RefusedError extends Error {
  override name = "RefusedError";
}

/** One line for people out of anything that was thrown, its causes included; never a stack, never a secret. */
export const reasonOf = (thrown: unknown): string => withoutSecrets(wordsOf(thrown));

const wordsOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown instanceof z.ZodError) return issueIn(thrown);
  const inner = thrown.cause instanceof Error ? wordsOf(thrown.cause) : "";
  const own = thrown.message || codeOf(thrown) || thrown.name;
  return inner === "" || own.includes(inner) ? own : `${own}: ${inner}`;
};

/** The first of what does not fit, with its place; a ZodError's own message is a document of all. */
const issueIn = ({ issues: [first] }: z.ZodError): string =>
  `${first?.path.join(".").slice(0, 200) || "it"}: ${first?.message}`.replace(/\s+/g, " ");

const codeOf = (error: Error) => ("code" in error ? String(error.code) : "");
