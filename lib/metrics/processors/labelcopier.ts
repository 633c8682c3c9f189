import type { LabelSettings } from "../../config/metrics/settings.ts";
import type { Labels } from "../batch.ts";
import { label } from "../labels.ts";

/** Adds what the user's own labels of a pod or node come to (spec A3.2 *Label copier*); `labels` is always assigned, possibly empty. */
export type LabelCopier = (own: Readonly<Record<string, string>>, target: Labels) => void;

export const createLabelCopier = ({ separator, ignored, stored }: LabelSettings): LabelCopier => {
  const left = new Set(ignored);
  const joinedOf = (own: Readonly<Record<string, string>>): string =>
    Object.entries(own)
      .filter(([key]) => !left.has(key))
      .map(([key, value]) => `${key}:${value}`)
      .sort()
      .join(separator);
  // A pod and its containers come one after the other.
  let last: { readonly own: Readonly<Record<string, string>>; readonly joined: string } | undefined;
  return (own, target) => {
    if (last?.own !== own) last = { own, joined: joinedOf(own) };
    for (const [key, name] of stored) if (Object.hasOwn(own, key)) target[name] = own[key] ?? "";
    target[label.labels] = last.joined;
  };
};
