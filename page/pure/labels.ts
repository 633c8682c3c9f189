type Labels = Readonly<Record<string, string>>;

/** One label in what a step, or a change, did. */
export interface LabelDifference {
  readonly name: string;
  readonly mark: "same" | "added" | "changed" | "removed";
  /** The value before; absent when added. */
  readonly before?: string;
  /** The value after; absent when removed. */
  readonly after?: string;
}

/** Every label of either side by name. */
export const labelDifferences = (before: Labels, after: Labels): LabelDifference[] => {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.map((name) => {
    const was = own(before, name);
    const is = own(after, name);
    if (was === undefined) return { name, mark: "added", after: is ?? "" };
    if (is === undefined) return { name, mark: "removed", before: was };
    return { name, mark: was === is ? "same" : "changed", before: was, after: is };
  });
};

const own = (labels: Labels, name: string) => (Object.hasOwn(labels, name) ? labels[name] : undefined);

/** A value cut for a line; the cut never parts a surrogate pair. */
export const shortened = (value: string, most: number): string => {
  if (value.length <= most) return value;
  const cut = value.slice(0, most);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};

/**
 * The labels of a discovered target that tell it apart, most telling first, for a line of a table: not the marks that
 * say only that another label is there, nor what stands in every target's face already.
 */
export const tellingLabels = (labels: Labels, most: number): [string, string][] => {
  const ranked = Object.entries(labels)
    .filter(
      ([name, value]) => value !== "" && !/present_|^__(address|scheme|metrics_path|scrape_)/.test(name),
    )
    .map(([name, value]): [number, string, string] => [rankOf(name), name, value])
    .sort(([a, left], [b, right]) => a - b || (left < right ? -1 : 1));
  return ranked.slice(0, most).map(([, name, value]) => [name, value]);
};

const order = [
  /_namespace$/,
  /_(pod|service|ingress|node|endpointslice|endpoints|task)_name$/,
  /_(container_name|container_port_number|port_number|port_name|path)$/,
  /_(phase|ready|role|state)$/,
  /_label_/,
  /^[^_]/,
];

const rankOf = (name: string): number => {
  const at = order.findIndex((pattern) => pattern.test(name));
  return at === -1 ? order.length : at;
};

/** `__meta_kubernetes_pod_name` as the part that all of a kind share and the part that tells. */
export const splitName = (name: string): readonly [string, string] => {
  const shared = /^__meta_(?:kubernetes_|dockerswarm_|docker_|swarm_|rollcall_)?/.exec(name)?.[0] ?? "";
  return [shared, name.slice(shared.length)];
};
