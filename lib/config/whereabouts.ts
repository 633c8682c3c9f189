import type { Place } from "./error.ts";
import { quoted } from "./go-text.ts";
import { parseYaml, YamlError } from "./yaml.ts";
import type { YamlNode } from "./yaml-node.ts";

/**
 * What people call a place in a configuration's relabelling rules: `job "pods", rule 2 of relabel_configs`. Undefined elsewhere.
 * The text is read once, when the first place is asked for: there may be thousands.
 */
export const rulesOf = (text: string): ((place: Place) => string | undefined) => {
  let read: { readonly root: YamlNode | undefined } | undefined;
  return (place) => {
    read ??= { root: rootOf(text) };
    return ruleAt(read.root, place);
  };
};

const ruleAt = (root: YamlNode | undefined, place: Place): string | undefined => {
  if (keyAt(root, place) !== "scrape_configs") return undefined;
  const job = itemAt(valueIn(root, "scrape_configs"), place)?.node;
  for (const key of ["relabel_configs", "metric_relabel_configs"]) {
    const rules = valueIn(job, key);
    const rule = itemAt(rules, place);
    if (rule === undefined || keyAt(job, place) !== key) continue;
    const name = valueIn(job, "job_name");
    const what = name?.kind === "scalar" ? `job ${quoted(name.text)}, ` : "";
    return `${what}rule ${rule.index + 1} of ${key}`;
  }
  return undefined;
};

const rootOf = (text: string): YamlNode | undefined => {
  try {
    return parseYaml(text);
  } catch (thrown) {
    // Then the mistake is told by its line alone.
    if (thrown instanceof YamlError) return undefined;
    throw thrown;
  }
};

const pairsOf = (node: YamlNode | undefined) => (node?.kind === "map" ? node.pairs : []);

const valueIn = (node: YamlNode | undefined, name: string): YamlNode | undefined =>
  pairsOf(node).find(([key]) => key.kind === "scalar" && key.text === name)?.[1];

const isBehind = (a: Place, b: Place) => a.line > b.line || (a.line === b.line && a.column > b.column);

/** The last item that begins at the place or before it. */
const itemAt = (list: YamlNode | undefined, place: Place) => {
  const items = list?.kind === "list" ? list.items : [];
  const index = items.findLastIndex((item) => !isBehind(item.place, place));
  const node = items[index];
  return node === undefined ? undefined : { index, node };
};

/** The last key likewise. */
const keyAt = (node: YamlNode | undefined, place: Place): string | undefined => {
  const key = pairsOf(node).findLast(([one]) => !isBehind(one.place, place))?.[0];
  return key?.kind === "scalar" ? key.text : undefined;
};
