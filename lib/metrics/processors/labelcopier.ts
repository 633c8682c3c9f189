import type { LabelSettings } from "../../config/metrics/settings.ts";
import type { Labels } from "../batch.ts";
import { label } from "../labels.ts";

/** Adds what the user's own labels of a pod or node come to (spec A3.2 *Label copier*); `labels` is always assigned, possibly empty. */
export type LabelCopier = (own: Readonly<Record<string, string>>, target: Labels) => void;

export const createLabelCopier = ({ separator, ignored, stored }: LabelSettings): LabelCopier => {
  const left = new Set(ignored);
  return (own, target) => {
    const joined: string[] = [];
    for (const [key, value] of Object.entries(own)) {
      const name = stored.get(key);
      if (name !== undefined) target[name] = value;
      if (!left.has(key)) joined.push(`${key}:${value}`);
    }
    target[label.labels] = joined.sort().join(separator);
  };
};
