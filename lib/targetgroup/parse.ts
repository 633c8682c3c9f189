import { LineCounter } from "yaml";
import { readDocuments, TooDeepError } from "../yamldocuments.ts";
import type { LabelSet, TargetGroup } from "./targetgroup.ts";

/** A group as a file or an HTTP answer gives it; its source is named by whoever read it. */
export type ParsedGroup = Omit<TargetGroup, "source">;

/**
 * Groups out of a JSON text, as strict and as lenient as Go's decoder in Prometheus (spec §1.1): unknown keys are refused,
 * keys match in any case, `null` stands for nothing. Throws an Error of one line; one fault refuses the whole text.
 */
export const parseJsonGroups = (text: string): ParsedGroup[] =>
  decodeGroups(jsonValue(text), { fieldOf: (key) => key.toLowerCase(), unknown: "json: unknown field" });

/**
 * Groups out of a YAML text's first document (spec §1.1): duplicate and unknown keys are refused, every plain scalar but
 * null is the text it was written as. Throws an Error of one line; one fault refuses the whole text.
 */
export const parseYamlGroups = (text: string): ParsedGroup[] =>
  decodeGroups(yamlValue(text), { fieldOf: (key) => key, unknown: "unknown field" });

/** What differs between the two formats once the syntax is read. */
interface Format {
  readonly fieldOf: (key: string) => string;
  readonly unknown: string;
}

const jsonValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text, which is not for logs.
    throw new Error("not valid JSON");
  }
};

const yamlValue = (text: string): unknown => {
  const lineCounter = new LineCounter();
  const [first] = documentsOf(text, lineCounter);
  const fault = first?.errors[0];
  if (fault !== undefined) {
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    throw new Error(`yaml: ${fault.message} at line ${line}, column ${col}`);
  }
  // The bound on aliases keeps a small file from growing without end.
  return first?.toJS({ maxAliasCount: 100 }) ?? null;
};

const documentsOf = (text: string, lineCounter: LineCounter) => {
  try {
    return readDocuments(text, {
      version: "1.1",
      schema: "failsafe",
      customTags: ["null", "merge"],
      lineCounter,
    });
  } catch (thrown) {
    throw thrown instanceof TooDeepError ? new Error(`yaml: ${thrown.message}`) : thrown;
  }
};

const decodeGroups = (value: unknown, format: Format): ParsedGroup[] => {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Error(`expected a list of target groups, found ${kindOf(value)}`);
  return value.map((item: unknown, index) => decodeGroup(item, index, format));
};

const decodeGroup = (item: unknown, index: number, format: Format): ParsedGroup => {
  if (item === null) throw new Error("nil target group item found");
  const place = `group ${index}`;
  if (!isObject(item)) throw new Error(`${place}: expected an object, found ${kindOf(item)}`);
  let group: ParsedGroup = { targets: [], labels: {} };
  for (const [key, value] of Object.entries(item)) {
    const field = format.fieldOf(key);
    if (field === "targets") group = { ...group, targets: decodeTargets(value, place) };
    else if (field === "labels") group = { ...group, labels: decodeLabels(value, place) };
    else throw new Error(`${format.unknown} ${JSON.stringify(key)}`);
  }
  return group;
};

const decodeTargets = (value: unknown, place: string): LabelSet[] => {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${place}: targets: expected a list, found ${kindOf(value)}`);
  return value.map((address: unknown) => ({ __address__: decodeString(address, `${place}: targets`) }));
};

const decodeLabels = (value: unknown, place: string): LabelSet => {
  if (value === null) return {};
  if (!isObject(value)) throw new Error(`${place}: labels: expected an object, found ${kindOf(value)}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (name === "") throw new Error(`"" is not a valid label name`);
      return [name.toWellFormed(), decodeString(text, `${place}: labels: ${name}`)];
    }),
  );
};

/** Go turns a null into an empty text, and half a surrogate pair into the replacement character. */
const decodeString = (value: unknown, place: string): string => {
  if (value === null) return "";
  if (typeof value === "string") return value.toWellFormed();
  throw new Error(`${place}: expected a string, found ${kindOf(value)}`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
