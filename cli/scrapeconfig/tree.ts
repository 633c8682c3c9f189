import { ConfigurationError } from "../../lib/config/error.ts";
import type { SourceFile } from "../../lib/config/source-file.ts";
import { parseYaml, YamlError } from "../../lib/config/yaml.ts";
import type { YamlNode } from "../../lib/config/yaml-node.ts";

/** YAML without anchors, as a program writes it anew. Scalars keep their text, since only a field knows what it means. */
export type Tree = Scalar | TreeMap | readonly Tree[];
export type TreeMap = ReadonlyMap<string, Tree>;

export interface Scalar {
  readonly text: string;
  /** Unquoted: it may mean a number, a boolean or nothing. */
  readonly plain: boolean;
}

export const isScalar = (tree: Tree | undefined): tree is Scalar => tree !== undefined && "text" in tree;
export const isMap = (tree: Tree | undefined): tree is TreeMap => tree instanceof Map;
export const isList = (tree: Tree | undefined): tree is readonly Tree[] => Array.isArray(tree);

export const quotedText = (text: string): Scalar => ({ text, plain: false });

/** The text of a scalar member; undefined when it is absent or says nothing. */
export const textOf = (map: TreeMap, key: string): string | undefined => {
  const value = map.get(key);
  return isScalar(value) && !isNothing(value) ? value.text : undefined;
};

export const isNothing = ({ text, plain }: Scalar): boolean => plain && /^(?:~|null|Null|NULL|)$/.test(text);

/** The root of a file that is known to be a good configuration. Aliases and merges are expanded, within bounds. */
export const treeOf = (file: SourceFile): TreeMap => {
  try {
    const root = parseYaml(file.text);
    const budget = { left: mostNodes };
    const tree = root === undefined ? undefined : expand(root, budget);
    return isMap(tree) ? tree : new Map();
  } catch (thrown) {
    if (!(thrown instanceof YamlError)) throw thrown;
    throw new ConfigurationError([{ file: file.path, ...thrown.place, message: thrown.message }], {
      cause: thrown,
    });
  }
};

const mostNodes = 5_000_000;

const expand = (node: YamlNode, budget: { left: number }): Tree => {
  budget.left -= 1;
  if (budget.left < 0) throw new Error("aliases make the configuration too large");
  switch (node.kind) {
    case "scalar":
      return { text: node.text, plain: node.plain && node.tag === "" };
    case "list":
      return node.items.map((item) => expand(item, budget));
    case "alias":
      return expand(node.target, budget);
    case "map":
      return expandMap(node.pairs, budget);
  }
};

type Pairs = Extract<YamlNode, { kind: "map" }>["pairs"];

/** Of merged maps the first has the say, and a map's own keys before all. */
const expandMap = (pairs: Pairs, budget: { left: number }): TreeMap => {
  const own = new Map<string, Tree>();
  const merged = new Map<string, Tree>();
  for (const [key, value] of pairs) {
    const name = expand(key, budget);
    if (!isScalar(name)) continue;
    const tree = expand(value, budget);
    if (name.text !== "<<" || !name.plain) own.set(name.text, tree);
    else
      for (const one of [tree].flat()) {
        if (!isMap(one)) continue;
        for (const [inner, member] of one) if (!merged.has(inner)) merged.set(inner, member);
      }
  }
  for (const [name, value] of merged) if (!own.has(name)) own.set(name, value);
  return own;
};
