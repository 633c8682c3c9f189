import assert from "node:assert/strict";
import fc from "fast-check";
import { type Narrowing, parseNarrowing } from "../../../lib/httpsd/narrowing.ts";
import { shardOf } from "../../../lib/httpsd/shard.ts";
import { type ProviderView, viewOfEntries } from "../../../lib/pool/view.ts";
import { createPopulator } from "../../../lib/relabel/populate.ts";
import { contentHash } from "../../../lib/targetgroup/hash.ts";
import type { LabelSet, TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { jobOf } from "../relabel/rules.ts";

export const job = jobOf(`
params: {module: [tcp, udp]}
scrape_native_histograms: true
relabel_configs:
- {source_labels: [__meta_state], regex: drop, action: drop}
- {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
- {source_labels: [__meta_state], regex: probe, target_label: __address__, replacement: "prober:9115"}
- {source_labels: [__meta_state], regex: quick, target_label: __scrape_interval__, replacement: 20s}
- {source_labels: [__meta_state], regex: old, target_label: __scrape_native_histograms__, replacement: "false"}
- {source_labels: [__meta_state], regex: named, target_label: instance, replacement: me}
- {action: labelmap, regex: __meta_map_(.+)}
`);

const short = fc.constantFrom("", "1", "2", "é\ud83d");

export const target = fc.record({
  __address__: fc.constantFrom("a:1", "b:1", "c:1", "d/", "", "ü:1"),
  __meta_state: fc.constantFrom("drop", "clear", "probe", "quick", "old", "named", "", ""),
  __meta_map_x: short,
  __meta_y: short,
});

export const group = fc.record({
  source: fc.constantFrom("pod/1", "pod/2", "pod/3", "pod/4", "pod/5"),
  labels: fc.record({ __meta_map_team: short, __meta_map_x: short }, { requiredKeys: [] }),
  targets: fc.array(target, { maxLength: 4 }),
});

const provided = fc.uniqueArray(group, { selector: ({ source }) => source, maxLength: 5 });

export const pools = fc.tuple(provided, provided);

export const query = fc
  .record({
    match: fc.constantFrom(
      "",
      'match[]={x="1"}',
      'match[]={__meta_map_x=~"1|2"}&match[]={team="2"}',
      'match[]={__scheme__!="http"}',
    ),
    shard: fc.constantFrom("", "shard=0&of=1", "shard=0&of=2", "shard=1&of=2", "shard=4&of=7"),
    relabel: fc.constantFrom("", "relabel=true"),
  })
  .map(({ match, shard, relabel }) => new URLSearchParams([match, shard, relabel].join("&")));

export type View = ProviderView;

const ids = ["kubernetes/00000000000a", "kubernetes/00000000000b"];

export const wholeOf = (views: readonly View[]) => ({
  views: new Map(views.map((view, index) => [ids[index]!, view])),
  tag: "t",
});

/** Groups that are as before stay the same objects, as in the warm view. */
export const viewAfter = (before: View | undefined, groups: readonly TargetGroup[]): View =>
  viewOfEntries(
    groups.map((group) => {
      const hash = contentHash(group);
      const known = before?.entries.get(group.source);
      return known?.hash === hash
        ? known
        : { source: group.source, version: { epoch: 1, sequence: 1 }, hash, group };
    }),
  );

export const narrowingOf = (text: URLSearchParams): Narrowing => {
  const parsed = parseNarrowing(text);
  assert.ok("narrowing" in parsed, JSON.stringify(parsed));
  return parsed.narrowing;
};

/** A raw list by its targets' labels; a relabelled one by the final labels that a scraper without rules gets of it. */
export const targetsOf = (pieces: readonly Uint8Array[], { relabel }: Narrowing): string[] => {
  const list: { targets: string[]; labels: LabelSet }[] = JSON.parse(Buffer.concat(pieces).toString());
  const scraper = createPopulator({
    ...job,
    name: "another",
    relabelConfigs: [],
    scrapeInterval: 90_000,
    scheme: "https",
  });
  return list
    .flatMap(({ targets, labels }) =>
      targets.map((__address__) => {
        if (!relabel) return canonical({ ...labels, __address__ });
        const populated = scraper.populate({ __address__ }, labels);
        assert.ok(populated.state === "active", JSON.stringify(populated));
        return canonical(Object.fromEntries(populated.labels));
      }),
    )
    .sort();
};

export const expected = (views: readonly View[], { relabel, selectors, shard }: Narrowing): string[] => {
  const groups = views.flatMap((view) => view.sorted().map((entry) => entry.group));
  const isIn = (one: LabelSet) => shard === undefined || shardOf(one, shard.of) === shard.index;
  const isSelected = (labels: ReadonlyMap<string, string>) =>
    selectors.length === 0 || selectors.some((selector) => selector.matches(labels));
  if (relabel) {
    return [...finalTargets(groups)]
      .filter(([, { own, labels }]) => isIn(own) && isSelected(labels))
      .map(([text]) => text)
      .sort();
  }
  const { discovered } = createPopulator(job);
  return groups
    .flatMap(({ targets, labels }) =>
      targets
        .filter((one) => isIn(one) && isSelected(discovered(one, labels)))
        .map((one) => canonical({ ...labels, ...one })),
    )
    .sort();
};

/** By their final labels; of several with the same ones, the last is the target. */
const finalTargets = (groups: readonly TargetGroup[]) => {
  const { populate } = createPopulator(job);
  const targets = new Map<string, { own: LabelSet; labels: ReadonlyMap<string, string> }>();
  for (const group of groups) {
    for (const own of group.targets) {
      const populated = populate(own, group.labels);
      if (populated.state !== "active") continue;
      const { labels } = populated;
      targets.set(canonical(Object.fromEntries(labels)), { own, labels });
    }
  }
  return targets;
};

const canonical = (labels: LabelSet) =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
