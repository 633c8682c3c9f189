import { isDeepStrictEqual } from "node:util";

/** A JSON Schema, or a part of one, as far as details use it. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/**
 * What may not change in a detail's schema while its `schema` number stays. A change can hurt on two sides: *subscribers*
 * read what we send by the released schema, and *we* read what the last release sent, since events wait in queues while
 * we are upgraded or rolled back. This table is the whole rule. A keyword that it does not know breaks, so that nothing
 * slips through unjudged; an optional property that is new is the one way to grow, and words may change freely.
 */
export const rules: readonly Rule[] = [
  {
    name: "a property may not go or get another name",
    hurts: "subscribers",
    finds: (was, is) => keys(was.properties).filter((name) => is.properties?.[name] === undefined),
  },
  {
    name: "a property that was always there may not become optional",
    hurts: "subscribers",
    finds: (was, is) =>
      without(was.required, is.required).filter((name) => is.properties?.[name] !== undefined),
  },
  {
    name: "a property may not become required, or come as a required one",
    hurts: "us",
    finds: (was, is) => without(is.required, was.required),
  },
  { name: "the type of a value stays", hurts: "both", finds: differing("type", "const") },
  {
    name: "an enum may not lose a value",
    hurts: "us",
    finds: (was, is) => without(was.enum, is.enum).map(() => ""),
  },
  {
    name: "an enum may not win a value",
    hurts: "subscribers",
    finds: (was, is) => without(is.enum, was.enum).map(() => ""),
  },
  {
    name: "bounds and shapes of a value stay: narrower ones refuse what waits, wider ones surprise who reads",
    hurts: "both",
    finds: differing(
      ...["pattern", "format", "minLength", "maxLength", "minItems", "maxItems"],
      ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
    ),
  },
  {
    name: "what needs or excludes each other stays",
    hurts: "both",
    finds: differing("oneOf", "anyOf", "allOf", "not"),
  },
  {
    name: "what a map or a list holds may not be left open, or closed",
    hurts: "both",
    finds: (was, is) =>
      innerKeys.filter((key) => isSchema(was[key]) !== isSchema(is[key]) || isOther(was[key], is[key])),
  },
  {
    name: "a keyword without a rule may not be used",
    hurts: "both",
    finds: (was, is) => [...new Set([...keys(was), ...keys(is)])].filter((key) => !known.has(key)),
  },
];

interface Rule {
  readonly name: string;
  /** Who would read it wrongly. */
  readonly hurts: "subscribers" | "us" | "both";
  /** The keywords or properties that break it, "" for the place itself. */
  readonly finds: (was: Schema, is: Schema) => readonly string[];
}

/** One line for each broken rule, with the place; empty when all who read the released schema can read the current one. */
export const breakingChanges = (released: Schema, current: Schema, place = "detail"): string[] => [
  ...rules.flatMap(({ name, hurts, finds }) =>
    [...new Set(finds(released, current))].map(
      (found) => `${found === "" ? place : `${place}.${found}`}: ${name} (hurts ${hurts})`,
    ),
  ),
  ...keys(released.properties).flatMap((name) =>
    inner(released.properties?.[name], current.properties?.[name], `${place}.${name}`),
  ),
  ...innerKeys.flatMap((key) => inner(released[key], current[key], `${place}.${key}`)),
];

const inner = (was: unknown, is: unknown, place: string): string[] =>
  isSchema(was) && isSchema(is) ? breakingChanges(was, is, place) : [];

const innerKeys = ["items", "additionalProperties"] as const;

/** Keywords that say nothing about what is valid. */
const words = ["title", "description", "$schema", "examples", "$comment"];

const known = new Set([
  ...words,
  ...innerKeys,
  ...[
    "properties",
    "required",
    "enum",
    "type",
    "const",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minItems",
  ],
  ...[
    "maxItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
  ],
]);

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;

/** Two values that are no schemas, such as `false` and nothing. */
const isOther = (was: unknown, is: unknown) => !isSchema(was) && !isSchema(is) && was !== is;

const keys = (value: object | undefined): string[] => Object.keys(value ?? {});

const without = <T>(all: readonly T[] | undefined, gone: readonly T[] | undefined): T[] =>
  (all ?? []).filter((one) => !gone?.includes(one));

function differing(...keywords: readonly string[]): Rule["finds"] {
  return (was, is) => keywords.filter((key) => !isDeepStrictEqual(was[key], is[key]));
}
