import type { LabelSet } from "../../lib/targetgroup/targetgroup.ts";

/** Labels that some versions of Prometheus have and others have not: compared only where both sides know them. */
const versionDependent: readonly RegExp[] = [
  /^__(?:convert_classic_histograms_to_nhcb|always_scrape_classic_histograms|scrape_native_histograms)__$/,
  /^__meta_kubernetes_node_condition_/,
  /^__meta_kubernetes_namespace_(?:label|annotation)(?:present)?_/,
  /^__meta_kubernetes_pod_(?:deployment|job|cronjob)_name$/,
  /^__meta_kubernetes_service_loadbalancer_ip$/,
];

/** Where a list came from, and the name that our settings gave a cluster: no property of the target. */
const always = new Set(["__meta_url", "__meta_rollcall_cluster"]);

/** Takes from both sides what only one of them can know; `ignored` has the names. */
export const comparable = (ours: readonly LabelSet[], theirs: readonly LabelSet[]) => {
  const [left, right] = [kindsIn(ours), kindsIn(theirs)];
  const known = left.intersection(right);
  const ignored = new Set<string>();
  const isKept = (name: string) => {
    const kind = versionDependent.findIndex((one) => one.test(name));
    const kept = !always.has(name) && (kind === -1 || known.has(kind));
    if (!kept && !always.has(name)) ignored.add(name);
    return kept;
  };
  const strip = (labels: LabelSet): LabelSet =>
    Object.fromEntries(Object.entries(labels).filter(([name]) => isKept(name)));
  return { ours: ours.map(strip), theirs: theirs.map(strip), ignored };
};

const kindsIn = (targets: readonly LabelSet[]): Set<number> => {
  const kinds = new Set<number>();
  for (const labels of targets) {
    for (const name of Object.keys(labels)) {
      if (!name.startsWith("__")) continue;
      const kind = versionDependent.findIndex((one) => one.test(name));
      if (kind !== -1) kinds.add(kind);
    }
  }
  return kinds;
};
