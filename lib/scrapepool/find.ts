import type { Job } from "../config/configuration.ts";
import type { Labels } from "../relabel/labels.ts";
import { isMeta } from "../relabel/populate.ts";
import type { Selector } from "../relabel/selector.ts";
import { populatorOf } from "./outcomes.ts";
import type { PoolTarget, ScrapePool } from "./scrapepool.ts";

/** `duplicate`: another active target has the same final labels and stands for both. */
export const targetStates = ["active", "dropped", "failed", "duplicate"] as const;
export type TargetState = (typeof targetStates)[number];

export const stateOf = (pool: ScrapePool, target: PoolTarget): TargetState =>
  pool.merged.has(target) ? "duplicate" : target.outcome.state;

/** Why a target is not among the active ones; undefined for those that are. */
export const reasonFor = (job: Job, pool: ScrapePool, target: PoolTarget): string | undefined => {
  const { outcome } = target;
  if (outcome.state === "failed") return outcome.error;
  if (outcome.state === "dropped") {
    const action = job.relabelConfigs[outcome.rule]?.action ?? "";
    return `rule ${outcome.rule + 1} of relabel_configs (${action}) dropped it`;
  }
  const shown = pool.merged.get(target)?.origin;
  return shown && `its final labels are those of ${shown.entry.source} of ${shown.provider}, which is shown`;
};

export interface Wish {
  /** One of them must select the target, if there are any. They see the final labels over the discovered ones. */
  readonly selectors: readonly Selector[];
  /** Each must be in a value of a label or in the source, in whatever case. */
  readonly words: readonly string[];
}

/** Whether a target of the job is what somebody looks for. */
export const createFinder = (job: Job, { selectors, words }: Wish): ((target: PoolTarget) => boolean) => {
  const patterns = words.map((word) => new RegExp(RegExp.escape(word), "iu"));
  const select = selectorOf(job, selectors);
  return (target) =>
    (selectors.length === 0 || select(target)) &&
    (words.length === 0 || hasAll(textsOf(job, target), patterns));
};

/**
 * Called for every target of a pool, one group's after the other: one set of labels serves them all, discovered labels are put
 * together only where they are asked for, and what only a group's own labels decide is decided once a group.
 */
const selectorOf = (job: Job, selectors: readonly Selector[]): ((target: PoolTarget) => boolean) => {
  const { reader } = populatorOf(job);
  let target: PoolTarget | undefined;
  let discovered: Pick<Labels, "get"> | undefined;
  const get = (name: string): string | undefined => {
    const { entry, index, outcome } = target!;
    if (outcome.state === "active" && !isMeta(name)) {
      const final = outcome.labels.get(name);
      if (final !== undefined) return final;
    }
    discovered ??= reader(entry.group.targets[index]!, entry.group.labels);
    return discovered.get(name);
  };
  const labels = { get };
  const select = (next: PoolTarget) => {
    target = next;
    discovered = undefined;
    return selectors.some((selector) => selector.matches(labels));
  };
  const names = selectors.flatMap(({ matchers }) => matchers.map(({ name }) => name));
  // Rules change no label that is called so.
  return names.every(isMeta) ? oncePerGroup(names, select) : select;
};

/** For questions about labels of these names only, which no target of most groups has for itself. */
const oncePerGroup = (names: readonly string[], select: (target: PoolTarget) => boolean) => {
  let latest: PoolTarget["entry"] | undefined;
  let answer = false;
  return (next: PoolTarget): boolean => {
    const own = next.entry.group.targets[next.index]!;
    for (const name of names) if (own[name] !== undefined) return select(next);
    if (next.entry !== latest) answer = select(next);
    latest = next.entry;
    return answer;
  };
};

const textsOf = (job: Job, { entry: { group, source }, index, outcome }: PoolTarget): string[] => [
  source,
  job.name,
  ...Object.values(group.targets[index]!),
  ...Object.values(group.labels),
  ...(outcome.state === "active" ? outcome.labels.values() : []),
];

const hasAll = (texts: readonly string[], patterns: readonly RegExp[]) =>
  patterns.every((pattern) => texts.some((text) => pattern.test(text)));
