import type { History } from "../history/history.ts";
import type { Position } from "../history/page.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";
import type { PastSearch, Removal } from "./finding.ts";

interface Stretch {
  readonly providers: readonly string[];
  /** Unix milliseconds. */
  readonly since: number;
  readonly until: number;
}

/** Of these sources those whose last change by a provider was its removal, the latest first. */
export const removalsOf = async (
  history: Pick<History, "changes">,
  sources: readonly string[],
  { providers, since, until }: Stretch,
): Promise<Removal[]> => {
  const removals: Removal[] = [];
  for (const source of sources) {
    const { changes } = await history.changes({ providers, source, since, until, most: mostChanges });
    const told = new Set<string>();
    for (const { provider, at, version, after } of changes) {
      if (!told.has(provider) && after.removed) removals.push({ provider, source, at, epoch: version.epoch });
      told.add(provider);
    }
  }
  return removals.sort((a, b) => b.at - a.at);
};

/** The newest ones, of all providers together. */
const mostChanges = 100;

/**
 * Who took a target away that no source is named after. Walking back from now, the first change with it in what was before is
 * the one: what is held now does not have it.
 */
export const searchPast = async (
  history: Pick<History, "changes" | "groupBefore">,
  isMeant: (target: LabelSet, group: LabelSet) => boolean,
  stretch: Stretch,
): Promise<PastSearch> => {
  const removals = new Map<string, Removal>();
  let changes = 0;
  let pages = 0;
  let after: Position | undefined;
  do {
    const page = await history.changes({ ...stretch, most: mostChanges, ...(after && { after }) });
    for (const change of page.changes) {
      const { provider, source, at, version } = change;
      if (removals.has(provider) || change.before === undefined || change.before.removed) continue;
      const before = await history.groupBefore(change);
      if (!before?.targets.some((target) => isMeant(target, before.labels))) continue;
      removals.set(provider, { provider, source, at, epoch: version.epoch, isUpdate: !change.after.removed });
    }
    changes += page.changes.length;
    pages += 1;
    after = page.next;
  } while (after !== undefined && changes < mostSearched && pages < mostPages);
  return { removals: [...removals.values()], changes, isWhole: after === undefined };
};

/** Each is read with its body. */
const mostSearched = 500;
/** Some have nothing but changes that were never made. */
const mostPages = 10;
