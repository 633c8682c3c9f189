import type { LabelSet } from "../../lib/targetgroup/targetgroup.ts";

/** `{job="pods", pod="web-1"}`, sorted, as Prometheus writes a series; names with `__` are left out unless `all`. */
export const labelsText = (labels: LabelSet, { all = false }: { all?: boolean } = {}): string => {
  const shown = Object.keys(labels)
    .filter((name) => all || !name.startsWith("__"))
    .sort();
  return `{${shown.map((name) => `${name}=${JSON.stringify(labels[name])}`).join(", ")}}`;
};
