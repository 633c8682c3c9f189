import type { History } from "../history/history.ts";
import type { Removal } from "./finding.ts";

/** Of these sources those whose last change by a provider was its removal, the latest first. */
export const removalsOf = async (
  history: Pick<History, "changes">,
  sources: readonly string[],
  { providers, since, until }: { providers: readonly string[]; since: number; until: number },
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
