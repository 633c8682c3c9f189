import { inspect } from "node:util";
import { hasReference } from "./reference.ts";

const shown = "<secret>";

/** A value that only `reveal()` gives away: printing, JSON and string building show `<secret>`, as Prometheus does. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value goes into use; from now on `withoutSecrets` knows it. What only refers to a secret is as written, and may be told. */
  reveal(): string {
    if (!hasReference(this.#value)) rememberSecret(this.#value);
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}

/** Shorter ones would blot out ordinary words wherever they stand. */
const shortest = 6;
/** Tokens that rotate would otherwise pile up in a process that runs for months. */
const most = 1000;
const inUse = new Set<string>();

/** Notes a credential that was read from a file, made by a plugin, or put together for a request. */
export const rememberSecret = (value: string): void => {
  const text = value.trim();
  if (text.length < shortest) return;
  inUse.delete(text);
  inUse.add(text);
  if (inUse.size > most) inUse.delete(inUse.values().next().value ?? text);
};

/**
 * A text for people with every credential that this process has used blotted out: a hostile server may repeat what it
 * was told in an error message, and that message is logged and shown (promise 7).
 */
export const withoutSecrets = (text: string): string => {
  const found = [...inUse].filter((secret) => text.includes(secret));
  // The longest first: one may be part of another.
  const longestFirst = found.sort((a, b) => b.length - a.length);
  return longestFirst.reduce((clean, secret) => clean.replaceAll(secret, shown), text);
};
