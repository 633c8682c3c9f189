import { type ProviderView, viewOfEntries } from "../../lib/pool/view.ts";
import type { Views } from "../../lib/scrapepool/scrapepool.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";

/** A provider's view when its pool has these groups, each of a source of its own. */
export const viewOf = (groups: readonly TargetGroup[]): ProviderView =>
  viewOfEntries(
    groups.map((group) => ({
      source: group.source,
      version: { epoch: 1, sequence: 1 },
      hash: contentHash(group),
      group,
    })),
  );

/** The views of a job whose providers, `p/0` and so on, have these groups. */
export const viewsOf = (...providers: readonly (readonly TargetGroup[])[]): Views =>
  new Map(providers.map((groups, index) => [`p/${index}`, viewOf(groups)]));
