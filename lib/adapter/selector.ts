import { parseLabelSelector, type Requirement } from "../config/label-selector.ts";

export type { Requirement } from "../config/label-selector.ts";

/** No label selector; `message` is in Kubernetes's words (400 upstream for labelSelector, 500 for metricLabelSelector). */
export class BadSelector extends Error {
  override name = "BadSelector";
}

/** The requirements of a label selector in the order of their keys. Throws BadSelector. */
export const parseSelector = (text: string): readonly Requirement[] => {
  const parsed = parseLabelSelector(text);
  if ("error" in parsed) throw new BadSelector(parsed.error);
  return parsed.requirements;
};
