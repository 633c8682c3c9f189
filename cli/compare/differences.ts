import type { LabelSet } from "../../lib/targetgroup/targetgroup.ts";
import { canonical, type OurTarget, type TheirTargets } from "./sides.ts";
import { comparable } from "./versions.ts";

export type Difference =
  | { readonly kind: "only ours" | "only theirs"; readonly address: string; readonly labels: LabelSet }
  | {
      readonly kind: "labels";
      readonly address: string;
      readonly labels: readonly { readonly name: string; readonly ours?: string; readonly theirs?: string }[];
    };

export interface Compared {
  readonly equal: number;
  readonly differences: readonly Difference[];
  /** Labels that one side's version cannot know. */
  readonly ignored: readonly string[];
}

/**
 * Both sides of one job by their discovered labels. Of targets that end alike Prometheus shows one, which one is chance:
 * it is enough when one of ours is there.
 */
export const differencesOf = (ours: readonly OurTarget[], theirs: TheirTargets): Compared => {
  const sides = comparable(
    ours.map(({ labels }) => labels),
    theirs.labels,
  );
  const waiting = Map.groupBy(sides.theirs, canonical);
  const matched = new Set<string>();
  const left: { labels: LabelSet; final: string | undefined }[] = [];
  let equal = 0;
  for (const [index, labels] of sides.ours.entries()) {
    const final = ours[index]?.final;
    if (waiting.get(canonical(labels))?.pop() === undefined) left.push({ labels, final });
    else {
      equal += 1;
      if (final !== undefined) matched.add(final);
    }
  }
  const lone = left.filter(({ final }) => (final === undefined ? !theirs.isCut : !matched.has(final)));
  const differences = paired(
    lone.map(({ labels }) => labels),
    [...waiting.values()].flat(),
  );
  return { equal, differences, ignored: [...sides.ignored].sort() };
};

/** What is left on both sides, by address: similar ones are told as one target with other labels. */
const paired = (ours: readonly LabelSet[], theirs: readonly LabelSet[]): Difference[] => {
  const candidates = Map.groupBy(theirs, addressOf);
  const found = ours.map((labels): Difference => {
    const address = addressOf(labels);
    const partner = takeNearest(labels, candidates.get(address) ?? []);
    if (partner === undefined) return { kind: "only ours", address, labels };
    return { kind: "labels", address, labels: differing(labels, partner) };
  });
  const rest = [...candidates.values()].flat();
  return [
    ...found,
    ...rest.map((labels): Difference => ({ kind: "only theirs", address: addressOf(labels), labels })),
  ];
};

const addressOf = (labels: LabelSet) => labels.__address__ ?? "";

/** Of thousands at one address, as behind a prober, only the first few are looked at. */
const mostCandidates = 50;

const takeNearest = (labels: LabelSet, candidates: LabelSet[]): LabelSet | undefined => {
  let best = -1;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [index, candidate] of candidates.slice(0, mostCandidates).entries()) {
    const count = differing(labels, candidate).length;
    if (count < fewest) [best, fewest] = [index, count];
  }
  return best === -1 ? undefined : candidates.splice(best, 1)[0];
};

const differing = (ours: LabelSet, theirs: LabelSet) =>
  [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
    .filter((name) => ours[name] !== theirs[name])
    .sort()
    .map((name) => ({
      name,
      ...(ours[name] !== undefined && { ours: ours[name] }),
      ...(theirs[name] !== undefined && { theirs: theirs[name] }),
    }));
