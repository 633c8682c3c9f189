import type { CompactTargets, Target } from "../live/shapes.ts";

/** The targets of a compact answer (`/api/v1/search?compact=true`). Labels are put together when they are looked at. */
export const targetsIn = ({ strings, names, targets }: CompactTargets): Target[] => {
  const text = (place: number | undefined): string => strings[place ?? -1] ?? "";
  const labelsAt = (target: readonly number[], kind: number, from: number) =>
    // Not by assignment: a label may be called `__proto__`.
    Object.fromEntries((names[kind] ?? []).map((name, at) => [text(name), text(target[from + at])]));
  return targets.map((target) => {
    const [job, state, provider, cluster, source, reason, scrapeUrl, discovered = -1, final = -1] = target;
    const values = 9;
    const finals = values + (names[discovered]?.length ?? 0);
    let discoveredLabels: Target["discoveredLabels"] | undefined;
    let labels: Target["labels"] | undefined;
    return {
      job: text(job),
      state: stateOf(text(state)),
      provider: text(provider),
      cluster: text(cluster),
      source: text(source),
      reason: text(reason),
      scrapeUrl: text(scrapeUrl),
      get discoveredLabels() {
        discoveredLabels ??= labelsAt(target, discovered, values);
        return discoveredLabels;
      },
      get labels() {
        labels ??= labelsAt(target, final, finals);
        return labels;
      },
    };
  });
};

const stateOf = (text: string): Target["state"] => states.find((state) => state === text) ?? "failed";
const states = ["active", "dropped", "failed", "duplicate"] as const;
