import type { Place } from "./error.ts";
import { isMerge } from "./types.ts";
import type { ScalarNode, YamlNode } from "./yaml-node.ts";

/** A value of a file, and where it stands. */
export interface Scalar {
  readonly text: string;
  readonly place: Place;
  /** From the root to here. */
  readonly keys: readonly string[];
}

/** All scalars but those below the keys that are left out. What several aliases share is looked at once; a scalar, at each use. */
export const scalarsIn = (root: YamlNode | undefined, leftOut: ReadonlySet<string> = new Set()): Scalar[] => {
  const found: Scalar[] = [];
  if (root !== undefined) {
    mapped(root, [], {
      seen: new Map(),
      leftOut,
      change: (scalar, node) => {
        found.push(scalar);
        return node;
      },
    });
  }
  return found;
};

/** The same tree with other texts: `undefined` leaves one as it is. */
export const withTexts = (root: YamlNode, textOf: (scalar: Scalar) => string | undefined): YamlNode =>
  mapped(root, [], {
    seen: new Map(),
    leftOut: new Set(),
    change: (scalar, node) => {
      const text = textOf(scalar);
      // Quotes belong to the reference that stood there: what came in its place may be a number.
      return text === undefined ? node : { ...node, text, plain: true };
    },
  });

interface Walk {
  /** What became of each list and mapping: one that several aliases share stays one, and one that contains itself ends. */
  readonly seen: Map<YamlNode, YamlNode>;
  readonly leftOut: ReadonlySet<string>;
  readonly change: (scalar: Scalar, node: ScalarNode) => ScalarNode;
}

const mapped = (node: YamlNode, keys: readonly string[], walk: Walk): YamlNode => {
  if (node.kind === "scalar") return walk.change({ text: node.text, place: node.place, keys }, node);
  if (node.kind === "alias") {
    const target = mapped(node.target, keys, walk);
    return target.kind === "scalar" ? target : { ...node, target };
  }
  const known = walk.seen.get(node);
  if (known !== undefined) return known;
  return node.kind === "list" ? mappedList(node, keys, walk) : mappedPairs(node, keys, walk);
};

const mappedList = (node: YamlNode & { kind: "list" }, keys: readonly string[], walk: Walk): YamlNode => {
  const list = { ...node, items: [] as YamlNode[] };
  walk.seen.set(node, list);
  for (const item of node.items) list.items.push(mapped(item, keys, walk));
  return list;
};

const mappedPairs = (node: YamlNode & { kind: "map" }, keys: readonly string[], walk: Walk): YamlNode => {
  const map = { ...node, pairs: [] as [YamlNode, YamlNode][] };
  walk.seen.set(node, map);
  for (const [key, value] of node.pairs) {
    const name = key.kind === "scalar" ? key.text : "";
    const below = isMerge(key) ? keys : [...keys, name];
    map.pairs.push([key, walk.leftOut.has(name) ? value : mapped(value, below, walk)]);
  }
  return map;
};
