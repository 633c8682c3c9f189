import type { Item, Key } from "./dynamodb.ts";

/** The number every item carries, so that a later layout is recognised and not misread (design §3.3). */
export const format = 1;

/** An item of today's format. Values are given as DynamoDB spells them. */
export const itemAt = ({ pk, sk }: Key, attributes: Item): Item => ({
  pk: { S: pk },
  sk: { S: sk },
  v: { N: String(format) },
  ...attributes,
});

/** The same item, once its format is known to be ours; attributes are read one by one, which costs a third of unmarshalling all. */
export const known = (item: Item): Item => {
  const found = item.v?.N;
  if (found === String(format)) return item;
  throw new Error(
    `table item ${nameOf(item)}: format ${shown(found ?? "missing")}, this version reads format ${format}`,
  );
};

/** The SDK's types are what it hopes for, so the three of them look. */
export const textOf = (item: Item, name: string): string => {
  const found: unknown = item[name]?.S;
  return typeof found === "string" ? found : missing(item, name, "a string");
};

export const numberOf = (item: Item, name: string): number => {
  const found: unknown = item[name]?.N;
  const number = typeof found === "string" && found !== "" ? Number(found) : Number.NaN;
  return Number.isFinite(number) ? number : missing(item, name, "a number");
};

export const bytesOf = (item: Item, name: string): Uint8Array => {
  const found: unknown = item[name]?.B;
  return found instanceof Uint8Array ? found : missing(item, name, "binary");
};

export const text = (value: string) => ({ S: value });
export const number = (value: number) => ({ N: String(value) });

/** Unix milliseconds to the whole seconds of the TTL attribute `expires`, never early. */
export const expiry = (milliseconds: number) => number(Math.ceil(milliseconds / 1_000));

const missing = (item: Item, name: string, expected: string): never => {
  throw new Error(`table item ${nameOf(item)}: attribute ${name} should be ${expected}`);
};

const nameOf = (item: Item) => `${shown(item.pk?.S)} / ${shown(item.sk?.S)}`;

/** Whatever somebody has put there, it stands in a line. */
const shown = (text: unknown): string =>
  typeof text === "string" ? text.replace(/\s+/g, " ").slice(0, 300) : "?";
