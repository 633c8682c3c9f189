import type { LabelSet, TargetGroup } from "../targetgroup/targetgroup.ts";

/**
 * One target group as members of an HTTP SD list, without the brackets: `{"targets":[…],"labels":{…}},…`. HTTP SD has room
 * for addresses only, so targets with labels of their own become entries of their own; neighbours with equal labels
 * share one. Own labels hide the group's, empty ones too (spec/prometheus-sd.md §4.3 step 2).
 */
export const renderGroup = (group: TargetGroup): string =>
  renderEntries(
    group.targets.map((target) => ({
      address: target[address] ?? "",
      labels: mergedText(group.labels, target),
    })),
  );

/** A target of a list; its labels are JSON already. */
export interface Listed {
  readonly address: string;
  readonly labels: string;
}

export const renderEntries = (listed: readonly Listed[]): string => {
  const entries: string[] = [];
  let addresses: string[] = [];
  for (const [index, target] of listed.entries()) {
    addresses.push(JSON.stringify(target.address));
    if (listed[index + 1]?.labels === target.labels) continue;
    entries.push(`{"targets":[${addresses.join(",")}],"labels":${target.labels}}`);
    addresses = [];
  }
  return entries.join(",");
};

/** In the order in which they come. */
export const labelsText = (
  labels: Iterable<readonly [string, string]>,
  isLeftOut: (name: string, value: string) => boolean,
): string => {
  let text = "";
  for (const [name, value] of labels) {
    if (isLeftOut(name, value)) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `{${text}}`;
};

const address = "__address__";

const mergedText = (shared: LabelSet, own: LabelSet): string => {
  const merged = new Map<string, string>();
  for (const name of Object.keys(shared)) if (name !== address) merged.set(name, shared[name]!);
  for (const name of Object.keys(own)) if (name !== address) merged.set(name, own[name]!);
  const names = [...merged.keys()].sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(merged.get(name))}`).join(",")}}`;
};
