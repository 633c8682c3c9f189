import { labelsFit, parseLabelSelector } from "../config/label-selector.ts";
import type { Labels } from "../metrics/batch.ts";
import { BadQuery } from "./badquery.ts";

/** `labelSelector` as Kubernetes has it (apimachinery's `labels` package); everything fits without one. */
export const selectorIn = (query: URLSearchParams): ((labels: Readonly<Labels>) => boolean) => {
  const parsed = parseLabelSelector(query.get("labelSelector") ?? "");
  if ("error" in parsed) throw new BadQuery(`unable to parse labelSelector: ${parsed.error}`);
  return (labels) => labelsFit(parsed.requirements, labels);
};
