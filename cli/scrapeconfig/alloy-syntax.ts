import { isList, isMap, isNothing, type Scalar, type Tree, type TreeMap } from "./tree.ts";

/** Alloy's syntax: `name = value` for an attribute, `name { … }` for a block. */
export type Item =
  | { readonly attribute: string; readonly value: string }
  | { readonly block: string; readonly label?: string; readonly items: readonly Item[] };

export const attribute = (name: string, value: string): Item => ({ attribute: name, value });
export const block = (name: string, items: readonly Item[], label?: string): Item => ({
  block: name,
  items,
  ...(label !== undefined && { label }),
});

export const alloyText = (items: readonly Item[], depth = 0): string =>
  items.map((item) => itemText(item, "\t".repeat(depth), depth)).join(depth === 0 ? "\n" : "");

const itemText = (item: Item, indent: string, depth: number): string => {
  if ("attribute" in item) return `${indent}${item.attribute} = ${item.value}\n`;
  const head = item.label === undefined ? item.block : `${item.block} ${text(item.label)}`;
  return `${indent}${head} {\n${alloyText(item.items, depth + 1)}${indent}}\n`;
};

/** A text in quotes, by the rules of Go. */
export const text = (value: string): string => JSON.stringify(value.toWellFormed());

export const texts = (values: readonly string[]): string => `[${values.map(text).join(", ")}]`;

/** `params` and the like: a map of lists of texts. */
export const textLists = (map: TreeMap): string => {
  const members = [...map].map(
    ([name, value]) => `${text(name)} = ${texts(listOf(value).map(({ text: each }) => each))}`,
  );
  return `{ ${members.join(", ")} }`;
};

export const listOf = (tree: Tree | undefined): Scalar[] =>
  isList(tree) ? tree.flatMap((item) => (isList(item) || isMap(item) ? [] : [item])) : [];

/** A number or a boolean as Alloy writes it; a text for everything else. */
export const bare = (scalar: Scalar): string => {
  if (isNothing(scalar)) return '""';
  if (/^(?:true|yes|on|y)$/i.test(scalar.text)) return "true";
  if (/^(?:false|no|off|n)$/i.test(scalar.text)) return "false";
  return /^-?\d+(?:\.\d+)?$/.test(scalar.text) ? scalar.text : text(scalar.text);
};
