import { byBytes } from "../../config/go-text.ts";

/**
 * What a template works with, in Go's types: string, bool, int (bigint), float64 (number), []string, map[string]string and a
 * struct. Null is nil, and a key or field that is not there.
 */
export type Value =
  | string
  | boolean
  | bigint
  | number
  | null
  | readonly string[]
  | ReadonlyMap<string, string>
  | Struct;

/** A field that is not among these is a mistake, where a key of a map that is not there is nothing. */
export interface Struct {
  readonly fields: Readonly<Record<string, Value>>;
}

export const isMap = (value: Value): value is ReadonlyMap<string, string> => value instanceof Map;
export const isList = (value: Value): value is readonly string[] => Array.isArray(value);
export const isStruct = (value: Value): value is Struct =>
  typeof value === "object" && value !== null && !isMap(value) && !isList(value);

/** As Go names the type, for error texts. */
export const typeOf = (value: Value): string => {
  if (value === null) return "nil";
  if (isMap(value)) return "map[string]string";
  if (isList(value)) return "[]string";
  if (isStruct(value)) return "struct";
  return { string: "string", boolean: "bool", bigint: "int", number: "float64" }[typeof value as "string"];
};

/** What `if` takes for true: what is neither false, nor zero, nor empty. */
export const truthOf = (value: Value): boolean => {
  if (isMap(value)) return value.size > 0;
  if (isList(value)) return value.length > 0;
  return isStruct(value) || Boolean(value);
};

/** Keys in Go's order of strings, which is that in which maps are printed and ranged over. */
export const sortedEntries = (map: ReadonlyMap<string, string>): [string, string][] =>
  [...map].sort(([a], [b]) => byBytes(a, b));

/** As Go's `%v` prints it: a map as `map[a:b c:d]`, a slice as `[a b]`. */
export const printed = (value: Value): string => {
  if (value === null) return "<nil>";
  if (isMap(value))
    return `map[${sortedEntries(value)
      .map((pair) => pair.join(":"))
      .join(" ")}]`;
  if (isList(value)) return `[${value.join(" ")}]`;
  if (isStruct(value)) return `{${Object.values(value.fields).map(printed).join(" ")}}`;
  return typeof value === "number" ? shortest(value, 21) : String(value);
};

/** The shortest decimal text of a float, with an exponent below -4 and from `most` on. */
export const shortest = (value: number, most: number): string => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const exponent = Number(/e([+-]\d+)$/.exec(value.toExponential())?.[1]);
  return exponent < -4 || exponent >= most ? withTwoDigits(value.toExponential()) : plain(value, exponent);
};

/** JavaScript itself takes an exponent from 1e21 on and below 1e-6; between, it writes digits. */
const plain = (value: number, exponent: number) => (exponent >= 21 ? String(BigInt(value)) : String(value));

/** Go writes two digits of an exponent at least. */
export const withTwoDigits = (text: string): string => text.replace(/e([+-])(\d)$/, "e$10$2");
