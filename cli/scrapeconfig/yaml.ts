import { Document, Pair, YAMLMap, YAMLSeq, Scalar as YamlScalar } from "yaml";
import { isList, isMap, type Tree } from "./tree.ts";

/** Writes a tree as YAML. Nothing is read into scalars: a text that was quoted stays quoted. */
export const yamlText = (tree: Tree): string => {
  const document = new Document(undefined, { schema: "failsafe", version: "1.1" });
  document.contents = nodeOf(tree);
  return document.toString({ lineWidth: 0 });
};

const nodeOf = (tree: Tree): YAMLMap | YAMLSeq | YamlScalar => {
  if (isMap(tree)) {
    const map = new YAMLMap();
    map.flow = tree.size === 0;
    for (const [name, value] of tree)
      map.items.push(new Pair(scalarOf(name, isPlainKey.test(name)), nodeOf(value)));
    return map;
  }
  if (isList(tree)) {
    const list = new YAMLSeq();
    list.flow = tree.length === 0;
    for (const item of tree) list.items.push(nodeOf(item));
    return list;
  }
  return scalarOf(tree.text, tree.plain);
};

/** Other keys, such as `on` or `1`, could be read as something else than a text. */
const isPlainKey = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z_][a-z0-9_]*$/;

const scalarOf = (text: string, plain: boolean): YamlScalar => {
  const scalar = new YamlScalar(text);
  scalar.type = plain
    ? "PLAIN"
    : text.includes("\n") && !/[^\P{Cc}\n]/u.test(text)
      ? "BLOCK_LITERAL"
      : "QUOTE_DOUBLE";
  return scalar;
};
