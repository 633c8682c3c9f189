import { RE2JS } from "re2js";
import { type Shape, shapeOf } from "./shape.ts";
import type { Expand } from "./template.ts";

/** The texts of a match's groups, the whole match first. A group that took no part is undefined. */
export type Groups = readonly (string | undefined)[];

/** A rule's regular expression, compiled; every method takes time linear in the text. */
export interface Pattern {
  test(text: string): boolean;
  /** Undefined without a match. */
  match(text: string): Groups | undefined;
  /** The text with each match replaced, as Go's ReplaceAllString does it. */
  replaceAll(text: string, expand: Expand): string;
  /** The number of a named group. */
  groupNumber(name: string): number | undefined;
}

/** Compiles a validated regex as Prometheus does: the whole text must match, and `.` matches line breaks. */
export const compilePattern = (regex: string): Pattern => {
  const shape = shapeOf(regex);
  return shape === undefined ? regularExpression(regex) : simplePattern(shape);
};

const simplePattern = (shape: Shape): Pattern => {
  const match = shape.kind === "words" ? wordsMatch(shape) : stretchMatch(shape);
  return {
    test: (text) => match(text) !== undefined,
    match,
    replaceAll: (text, expand) => {
      const groups = match(text);
      return groups === undefined ? text : expand(groups);
    },
    groupNumber: () => undefined,
  };
};

const wordsMatch =
  ({ words, isGroup }: Shape & { kind: "words" }) =>
  (text: string): Groups | undefined => {
    if (!words.has(text)) return undefined;
    return isGroup ? [text, text] : [text];
  };

const stretchMatch = ({ prefix, suffix, least, isGroup }: Shape & { kind: "stretch" }) => {
  const shortest = prefix.length + suffix.length + least;
  return (text: string): Groups | undefined => {
    if (text.length < shortest || !text.startsWith(prefix) || !text.endsWith(suffix)) return undefined;
    return isGroup ? [text, text.slice(prefix.length, text.length - suffix.length)] : [text];
  };
};

const regularExpression = (regex: string): Pattern => {
  const compiled = RE2JS.compile(`^(?s:${regex})$`);
  const engine = compiled.re2();
  const names = compiled.namedGroups();
  const count = compiled.groupCount() + 1;
  // re2js's own matcher runs twice for the groups.
  const find = (text: string, from: number): readonly number[] | null =>
    engine.matchWithGroup(text, from, text.length, anywhere, count)[1];
  return {
    test: (text) => compiled.test(text),
    match: (text) => {
      const places = find(text, 0);
      return places === null ? undefined : groupsAt(text, places);
    },
    replaceAll: (text, expand) => replaceEach(text, { find, expand }),
    groupNumber: (name) => names[name],
  };
};

/** re2js's word for a match that may begin at any place; the pattern has its anchors. */
const anywhere = 0;

const groupsAt = (text: string, places: readonly number[]): Groups => {
  const groups: (string | undefined)[] = [];
  for (let at = 0; at < places.length; at += 2) {
    const start = places[at]!;
    groups.push(start < 0 ? undefined : text.slice(start, places[at + 1]));
  }
  return groups;
};

interface Replacing {
  readonly find: (text: string, from: number) => readonly number[] | null;
  readonly expand: Expand;
}

/**
 * Several matches are possible: a regex such as `a)|(?s:b` closes the group that Prometheus puts around it, and so
 * escapes an anchor. An empty match right behind another one counts as none.
 */
const replaceEach = (text: string, { find, expand }: Replacing): string => {
  let result = "";
  let done = 0;
  for (let from = 0; from <= text.length; ) {
    const places = find(text, from);
    if (places === null) break;
    const [start = 0, end = 0] = places;
    result += text.slice(done, start);
    if (end > done || start === 0) result += expand(groupsAt(text, places));
    done = end;
    const next = from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
    from = Math.max(next, end);
  }
  return result + text.slice(done);
};
