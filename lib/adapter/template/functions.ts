import { byBytes } from "../../config/go-text.ts";
import { sprintf } from "./format.ts";
import { heldBy, unmarked } from "./marks.ts";
import { isList, isMap, printed, truthOf, typeOf, type Value } from "./value.ts";

/** Go's own functions, as far as they have a use in a query. They throw Error with one line. `and` and `or` are in execute.ts: they need not look at all arguments. */
export const functions: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  not: (values) => !truthOf(only("not", values)),
  len: (values) => {
    const value = only("len", values);
    if (typeof value === "string") return BigInt(Buffer.byteLength(unmarked(value)));
    if (isList(value)) return BigInt(value.length);
    if (isMap(value)) return BigInt(value.size);
    throw new Error(`len of type ${typeOf(value)}`);
  },
  index: ([value, ...keys]) => {
    if (value === undefined) throw new Error("index of nothing");
    return keys.reduce<Value>(indexed, value);
  },
  slice: ([value, ...bounds]) => sliced(value, bounds),
  print: (values) => printedTogether(values),
  println: (values) => `${values.map(printed).join(" ")}\n`,
  printf: ([format, ...values]) => {
    if (typeof format !== "string") throw new Error("printf needs a format, a string");
    return sprintf(format, values);
  },
  eq: ([first, ...others]) => {
    if (first === undefined || others.length === 0) throw new Error("missing argument for comparison");
    return others.some((other) => isEqual(first, other));
  },
  ne: (values) => !isEqual(...two("ne", values)),
  lt: (values) => isLess(...two("lt", values)),
  le: (values) => isAtMost(...two("le", values)),
  gt: (values) => !isAtMost(...two("gt", values)),
  ge: (values) => !isLess(...two("ge", values)),
};

export const functionNames: ReadonlySet<string> = new Set(["and", "or", ...Object.keys(functions)]);

const only = (name: string, values: readonly Value[]): Value => {
  const [first] = values;
  if (values.length === 1 && first !== undefined) return first;
  throw new Error(`wrong number of args for ${name}: want 1 got ${values.length}`);
};

const two = (name: string, values: readonly Value[]): [Value, Value] => {
  const [first, second] = values;
  if (values.length === 2 && first !== undefined && second !== undefined) return [first, second];
  throw new Error(`wrong number of args for ${name}: want 2 got ${values.length}`);
};

const indexed = (value: Value, key: Value): Value => {
  if (isMap(value)) {
    if (typeof key !== "string") throw new Error(`a map has keys of type string, not ${typeOf(key)}`);
    return heldBy(value, key) ?? "";
  }
  if (!isList(value) && typeof value !== "string")
    throw new Error(`can't index item of type ${typeOf(value)}`);
  const items = isList(value) ? value : Buffer.from(value);
  const at = placeIn(key, items.length - 1);
  const item = items[at] ?? 0;
  return typeof item === "number" ? BigInt(item) : item;
};

const placeIn = (key: Value, last: number): number => {
  if (typeof key !== "bigint") throw new Error(`cannot index slice/array with type ${typeOf(key)}`);
  if (key < 0n || key > BigInt(last)) throw new Error(`index out of range: ${key}`);
  return Number(key);
};

const sliced = (value: Value | undefined, bounds: readonly Value[]): Value => {
  if (value === undefined || (!isList(value) && typeof value !== "string"))
    throw new Error(`can't slice item of type ${typeOf(value ?? null)}`);
  const bytes = Buffer.from(isList(value) ? "" : unmarked(value));
  const { length } = isList(value) ? value : bytes;
  if (bounds.length > 2) throw new Error("too many slice indexes");
  const [start = 0, end = length] = bounds.map((bound) => placeIn(bound, length));
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`);
  // One byte for each sign: as it is written, marks and all.
  const isPlain = isList(value) || bytes.length === value.length;
  return isPlain ? value.slice(start, end) : bytes.subarray(start, end).toString();
};

/** Go's Sprint: a blank between two that are both no strings. */
const printedTogether = (values: readonly Value[]): string =>
  values.reduce<string>((text, value, at) => {
    const before = values[at - 1];
    const isApart = at > 0 && typeof value !== "string" && typeof before !== "string";
    return `${text}${isApart ? " " : ""}${printed(value)}`;
  }, "");

const isEqual = (a: Value, b: Value): boolean => {
  if (a === null || b === null) return a === b;
  return typeof comparable(a, b) === "string" && bareOf(a) === bareOf(b);
};

const isLess = (a: Value, b: Value): boolean => {
  const kind = comparable(a, b);
  if (kind === "boolean") throw new Error("invalid type for comparison");
  if (typeof a === "string" && typeof b === "string") return byBytes(unmarked(a), unmarked(b)) < 0;
  return (a as bigint) < (b as bigint);
};

const isAtMost = (a: Value, b: Value) => isLess(a, b) || isEqual(a, b);

const bareOf = (value: Value) => (typeof value === "string" ? unmarked(value) : value);

/** The kind of both; throws when they differ, or are of one that has no order. */
const comparable = (a: Value, b: Value): string => {
  const [kind, other] = [typeof a, typeof b];
  if (kind === "object" || other === "object") throw new Error("invalid type for comparison");
  if (kind !== other) throw new Error("incompatible types for comparison");
  return kind;
};
