import { isList, isMap, isScalar, type Tree, type TreeMap } from "./tree.ts";

/** The collector's `prometheus` receiver, with the file below `config`; it knows global and jobs only. */
export const forOtel = (root: TreeMap): { readonly root: TreeMap; readonly notes: readonly string[] } => {
  const known = new Set(["global", "scrape_configs", "scrape_config_files"]);
  const gone = [...root.keys()].filter((key) => !known.has(key));
  const config = escaped(new Map([...root].filter(([key]) => known.has(key))));
  const notes = gone.length === 0 ? [] : [`the file: the receiver has no ${gone.join(", ")}; left out`];
  const named = (name: string, tree: Tree): TreeMap => new Map([[name, tree]]);
  return {
    root: named("receivers", named("prometheus", named("config", config))),
    notes: [...notes, "add the receiver prometheus to a metrics pipeline under service.pipelines"],
  };
};

/** The collector takes `$1` for a variable of its environment; two signs stand for one. */
const escaped = (tree: Tree): Tree => {
  if (isMap(tree)) return new Map([...tree].map(([key, value]) => [key, escaped(value)]));
  if (isList(tree)) return tree.map(escaped);
  return isScalar(tree) ? { ...tree, text: tree.text.replaceAll("$", "$$$$") } : tree;
};
