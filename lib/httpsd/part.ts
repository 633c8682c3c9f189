import type { Job } from "../config/configuration.ts";
import type { Live } from "../pool/view.ts";
import { outcomesOf, populatorOf } from "../scrapepool/outcomes.ts";
import type { LabelSet, TargetGroup } from "../targetgroup/targetgroup.ts";
import type { Narrowing } from "./narrowing.ts";
import { createFinalRenderer } from "./relabelled.ts";
import { renderEntries, renderGroup } from "./render.ts";
import { shardsOf } from "./shard.ts";

/** What a narrowed list has of one group. */
export interface Part {
  readonly source: string;
  /** Made when asked for, since most parts are asked for once. */
  readonly text: () => string;
}

/**
 * Undefined where the list has nothing of the group. `merged` are the places of targets that are left out because an equal
 * one is in the list elsewhere.
 */
export type PartMaker = (entry: Live, merged: readonly number[]) => Part | undefined;

export const createPartMaker = (job: Job, narrowing: Narrowing): PartMaker => {
  const placesOf = narrowing.relabel ? relabelledPlaces(job, narrowing) : rawPlaces(job, narrowing);
  const render = narrowing.relabel ? finalText(job) : rawText;
  return ({ group, source }, merged) => {
    const places = placesOf(group).filter((place) => !merged.includes(place));
    return places.length === 0 ? undefined : { source, text: later(render, group, places) };
  };
};

/** Apart, so that a part that is kept keeps no selector. */
const later = (render: Render, group: TargetGroup, places: readonly number[]) => () => render(group, places);

/** The places of the group's targets that are in the list. */
type Places = (group: TargetGroup) => number[];

/** Selectors see what is shown as `discoveredLabels`. */
const rawPlaces = (job: Job, { selectors, shard }: Narrowing): Places => {
  const { reader } = populatorOf(job);
  const isSelected = (target: LabelSet, group: LabelSet) => {
    if (selectors.length === 0) return true;
    const labels = reader(target, group);
    return selectors.some((selector) => selector.matches(labels));
  };
  return (group) => {
    const isHere = shardFilter(group, shard);
    return placesWhere(group.targets, (target, place) => isHere(place) && isSelected(target, group.labels));
  };
};

/**
 * Selectors see the final labels. The shard is that of the discovered address, so that a target has one shard in all lists,
 * and a prober's targets, which all have the prober's address in the end, do not all end up in one.
 */
const relabelledPlaces =
  (job: Job, { selectors, shard }: Narrowing): Places =>
  (group) => {
    const outcomes = outcomesOf(job, group);
    const isHere = shardFilter(group, shard);
    return placesWhere(group.targets, (_target, place) => {
      const outcome = outcomes[place]!;
      if (outcome.state !== "active" || !isHere(place)) return false;
      return selectors.length === 0 || selectors.some((selector) => selector.matches(outcome.labels));
    });
  };

const placesWhere = (
  targets: readonly LabelSet[],
  isIn: (target: LabelSet, place: number) => boolean,
): number[] => {
  const places: number[] = [];
  for (let place = 0; place < targets.length; place += 1) {
    if (isIn(targets[place]!, place)) places.push(place);
  }
  return places;
};

/** Whether the target at a place of the group is in the shard. */
const shardFilter = (group: TargetGroup, shard: Narrowing["shard"]): ((place: number) => boolean) => {
  if (shard === undefined) return () => true;
  const shards = shardsOf(group, shard.of);
  return (place) => shards[place] === shard.index;
};

type Render = (group: TargetGroup, places: readonly number[]) => string;

const rawText: Render = (group, places) =>
  renderGroup(
    places.length === group.targets.length
      ? group
      : { ...group, targets: places.map((place) => group.targets[place]!) },
  );

const finalText = (job: Job): Render => {
  const render = createFinalRenderer(job);
  return (group, places) => {
    const outcomes = outcomesOf(job, group);
    const listed = function* () {
      for (const place of places) {
        const outcome = outcomes[place]!;
        if (outcome.state === "active") yield render(outcome.labels);
      }
    };
    return renderEntries(listed());
  };
};
