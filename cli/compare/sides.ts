import type { LabelSet } from "../../lib/targetgroup/targetgroup.ts";
import { pages } from "../server/pages.ts";
import type { Server } from "../server/server.ts";
import { searchAnswer, targetsAnswer } from "../server/shapes.ts";

/** A target of ours. */
export interface OurTarget {
  readonly labels: LabelSet;
  /** What Prometheus shows one target for, when several end alike; undefined for a dropped one. */
  readonly final: string | undefined;
}

export const ourTargets = async (server: Server, job: string): Promise<OurTarget[]> => {
  const found: OurTarget[] = [];
  const query = { job, state: "any", limit: "1000" };
  for await (const page of pages(server, { path: "api/v1/search", query, shape: searchAnswer })) {
    for (const { state, discoveredLabels, labels } of page.targets) {
      // Prometheus lists no target that failed; it logs it.
      if (state === "failed") continue;
      found.push({ labels: discoveredLabels, final: state === "dropped" ? undefined : canonical(labels) });
    }
  }
  return found;
};

export interface TheirTargets {
  readonly labels: readonly LabelSet[];
  /** It keeps only some of the dropped ones (`keep_dropped_targets`). */
  readonly isCut: boolean;
}

export const theirTargets = async (prometheus: Server, job: string): Promise<TheirTargets> => {
  const query = { state: "any", scrapePool: job };
  const answer = await prometheus.get("api/v1/targets", query, targetsAnswer);
  const own = ({ scrapePool }: { scrapePool: string }) => scrapePool === job;
  const dropped = (answer.droppedTargets ?? []).filter(own);
  const all = [...(answer.activeTargets ?? []).filter(own), ...dropped];
  const isCut = (answer.droppedTargetCounts?.[job] ?? 0) > dropped.length;
  return { labels: all.map(({ discoveredLabels }) => discoveredLabels), isCut };
};

/** Equal for equal labels only. */
export const canonical = (labels: LabelSet): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
