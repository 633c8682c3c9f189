import { lstat, readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { byBytes } from "./go-text.ts";
import { joined } from "./paths.ts";

/** A pattern that Go's `filepath.Match` does not understand, such as an unclosed class. */
export class BadPattern extends Error {
  override name = "BadPattern";
}

/** Where a pattern looks. */
export interface Places {
  /** The names in a folder; one that is not there has none. */
  names(folder: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
}

/**
 * The paths that a pattern matches, as Go's `filepath.Glob` gives them: a star also stands for a leading dot, braces
 * and `**` mean nothing special. In Go, folders that cannot be read have no files; `places` may tell more. Throws BadPattern.
 */
export const goGlob = async (pattern: string, places: Places = disk): Promise<readonly string[]> => {
  if (!hasMeta(pattern)) return (await places.exists(pattern)) ? [pattern] : [];
  const matches = matcher(basename(pattern));
  const folder = dirname(pattern);
  const found: string[] = [];
  for (const each of hasMeta(folder) ? await goGlob(folder, places) : [folder]) {
    const names = (await places.names(each)).filter((name) => matches.test(name)).sort(byBytes);
    found.push(...names.map((name) => joined(each, name)));
  }
  return found;
};

const hasMeta = (pattern: string) => /[*?[\\]/.test(pattern);

const disk: Places = {
  names: (folder) => readdir(folder).catch(() => []),
  exists: (path) =>
    lstat(path).then(
      () => true,
      () => false,
    ),
};

/** One part of a path as a regular expression. */
const matcher = (pattern: string): RegExp => {
  const pieces = pattern.match(/\\.|\[\^?(?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+\]|[^\\[]/gsu) ?? [];
  if (pieces.join("") !== pattern) throw new BadPattern("syntax error in pattern");
  return new RegExp(`^${pieces.map(translated).join("")}$`, "su");
};

const translated = (piece: string): string => {
  if (piece === "*") return ".*";
  if (piece === "?") return ".";
  if (!piece.startsWith("[")) return literal(piece.replace(/^\\/, ""));
  const inverted = piece.startsWith("[^");
  const members = [...piece.slice(inverted ? 2 : 1, -1).matchAll(/(\\?.)(?:-(\\?.))?/gsu)];
  return `[${inverted ? "^" : ""}${members.map(([, from = "", to]) => member(from, to)).join("")}]`;
};

/** A character of a class, or all from one to another. */
const member = (from: string, to: string | undefined): string => {
  const [first, last] = [from, to ?? from].map((each) => each.replace(/^\\(?=.)/s, ""));
  if (first === undefined || last === undefined || byBytes(first, last) > 0) {
    throw new BadPattern("syntax error in pattern");
  }
  return `${literal(first)}-${literal(last)}`;
};

const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
