import { Refusal } from "../decode.ts";
import { Secret } from "../secret.ts";
import type { MetricUri } from "./uri.ts";

/** Takes the options of a URI one by one; each is read at most once. Every mistake is a Refusal that names option and what is allowed. */
export interface Options {
  /** Go's spellings of a boolean. */
  boolean(name: string, absent: boolean): boolean;
  integer(name: string, absent: number, range: readonly [least: number, most: number]): number;
  text(name: string, absent: string): string;
  /** One of a closed list. */
  choice<T extends string>(name: string, absent: T, allowed: readonly T[]): T;
  secret(name: string, absent: string): Secret;
  /** The only kind of option that may be repeated. */
  texts(name: string): readonly string[];
  /** To be called last: whatever was not asked for is unknown. */
  finish(): void;
}

export const optionsOf = (uri: MetricUri): Options => {
  const asked = new Set<string>();
  const refuse = (what: string): never => {
    throw new Refusal(uri.place, `${uri.key}: ${what}`);
  };
  const one = (name: string): string | undefined => {
    asked.add(name);
    const given = uri.options.getAll(name);
    return given.length > 1 ? refuse(`option ${name} is given ${given.length} times`) : given[0];
  };
  return {
    boolean: (name, absent) => {
      const written = one(name);
      if (written === undefined) return absent;
      return goBooleans.get(written) ?? refuse(`option ${name} must be true or false, not ${shown(written)}`);
    },
    integer: (name, absent, [least, most]) => {
      const written = one(name);
      if (written === undefined) return absent;
      const value = /^\d{1,15}$/.test(written) ? Number(written) : Number.NaN;
      if (value >= least && value <= most) return value;
      return refuse(`option ${name} must be a whole number from ${least} to ${most}, not ${shown(written)}`);
    },
    text: (name, absent) => one(name) ?? absent,
    choice: (name, absent, allowed) => {
      const written = one(name);
      if (written === undefined) return absent;
      const found = allowed.find((value) => value === written);
      return found ?? refuse(`option ${name} must be one of ${allowed.join(", ")}, not ${shown(written)}`);
    },
    secret: (name, absent) => new Secret(one(name) ?? absent),
    texts: (name) => {
      asked.add(name);
      return uri.options.getAll(name);
    },
    finish: () => {
      const unknown = [...uri.options.keys()].find((name) => !asked.has(name));
      if (unknown === undefined) return;
      const allowed = asked.size === 0 ? "it takes none" : `allowed are ${[...asked].sort().join(", ")}`;
      refuse(`option ${shown(unknown)} is not known; ${allowed}`);
    },
  };
};

/** Options of sinks whose values are secrets: in the cloud they are references. */
export const secretOptions: ReadonlySet<string> = new Set(["pw", "token", "password", "esUserSecret"]);

const goBooleans = new Map(
  [true, false].flatMap((value) =>
    (value ? ["1", "t", "T", "TRUE", "true", "True"] : ["0", "f", "F", "FALSE", "false", "False"]).map(
      (spelling) => [spelling, value] as const,
    ),
  ),
);

/** A long value in the wrong place may be a secret. */
const shown = (value: string) => (value.length > 40 ? "a long text" : JSON.stringify(value));
