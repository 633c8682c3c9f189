import type { Job } from "../../lib/config/configuration.ts";
import type { Labels } from "../../lib/relabel/labels.ts";
import { createPopulator } from "../../lib/relabel/populate.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import { canonical } from "../compare/sides.ts";
import type { FoundTarget } from "../server/shapes.ts";

/** What rules make of one discovered target. */
export interface Effect {
  /** Final labels as one comparable text; undefined when it is not scraped. */
  readonly final: string | undefined;
  readonly provider: string;
}

/** By what a target is whatever the rules: who found it where, and its discovered labels that no job has a say in. */
export type Effects = Map<string, Effect>;

export const staticProvider = "static";

/** What a proposed job makes of groups. */
export const addEffects = (
  effects: Effects,
  { job, provider, groups }: { job: Job; provider: string; groups: Iterable<TargetGroup> },
): void => {
  const populator = createPopulator(job);
  for (const { source, labels, targets } of groups) {
    for (const target of targets) {
      const populated = populator.populate(target, labels);
      const final =
        populated.state === "active" ? canonical(Object.fromEntries(populated.labels)) : undefined;
      add(effects, identity({ provider, source }, populator.discovered(target, labels)), { final, provider });
    }
  }
};

/** What the job in force makes of a target, as the server tells it. */
export const addFound = (effects: Effects, found: FoundTarget): void => {
  const isScraped = found.state === "active" || found.state === "duplicate";
  const provider = found.provider.startsWith(`${staticProvider}/`) ? staticProvider : found.provider;
  const discovered = new Map(Object.entries(found.discoveredLabels));
  const final = isScraped ? canonical(found.labels) : undefined;
  add(effects, identity({ provider, source: found.source }, discovered), { final, provider });
};

/** A static group's number says nothing once another stands before it. */
const identity = ({ provider, source }: { provider: string; source: string }, discovered: Labels): string => {
  const lasting = [...discovered].filter(([name]) => name.startsWith("__meta_") || name === "__address__");
  return [provider, provider === staticProvider ? "" : source, canonical(Object.fromEntries(lasting))].join(
    " ",
  );
};

/** Equal ones are numbered, so that none is lost. */
const add = (effects: Effects, key: string, effect: Effect): void => {
  let name = key;
  for (let number = 2; effects.has(name); number += 1) name = `${key} ${number}`;
  effects.set(name, effect);
};
