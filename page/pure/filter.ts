import type { Target, TargetState } from "../live/shapes.ts";

/** The targets in one of these states that have every word somewhere: in a label's name or value, in `name=value`, or in the reason. */
export const filterTargets = (
  targets: readonly Target[],
  { words, state }: { readonly words: readonly string[]; readonly state: TargetState | "any" },
): readonly Target[] => {
  if (words.length === 0 && state === "any") return targets;
  return targets.filter((target) => {
    if (state !== "any" && target.state !== state) return false;
    return words.every((word) => isIn(target, word));
  });
};

const isIn = (target: Target, word: string): boolean =>
  has(target.discoveredLabels, word) ||
  has(target.labels, word) ||
  target.scrapeUrl.toLowerCase().includes(word) ||
  target.reason.toLowerCase().includes(word);

const has = (labels: Readonly<Record<string, string>>, word: string): boolean => {
  for (const name in labels) {
    const value = labels[name] ?? "";
    if (name.includes(word) || value.toLowerCase().includes(word)) return true;
    if (word.includes("=") && `${name}=${value}`.toLowerCase().includes(word)) return true;
  }
  return false;
};
