import { labelSelectorError } from "../config/selectors.ts";
import type { Labels } from "../metrics/batch.ts";
import { BadQuery } from "./badquery.ts";

type Fits = (labels: Readonly<Labels>) => boolean;

/** `labelSelector` as Kubernetes has it (apimachinery's `labels` package); everything fits without one. */
export const selectorIn = (query: URLSearchParams): Fits => {
  const written = query.get("labelSelector") ?? "";
  const error = labelSelectorError(written);
  if (error !== undefined) throw new BadQuery(`unable to parse labelSelector: ${error}`);
  const requirements = (written.match(terms) ?? []).map(requirement);
  return (labels) => requirements.every((fits) => fits(labels));
};

/** Between commas that stand in no parentheses. */
const terms = /(?:\([^)]*\)|[^,(])+/g;

const form = /^\s*(!?)\s*([^\s=!<>(]+)\s*(?:(in|notin)\s*\(([^)]*)\)|(==?|!=|[<>])\s*(\S*))?\s*$/;

/** What `labelSelectorError` let pass has the form. */
const requirement = (term: string): Fits => {
  const [, not, key = "", set, members = "", operator, value = ""] = form.exec(term) ?? [];
  const has = (labels: Readonly<Labels>) => Object.hasOwn(labels, key);
  const of = (labels: Readonly<Labels>) => (has(labels) ? labels[key] : undefined);
  const among = new Set(members.split(",").map((member) => member.trim()));
  const isAmong = (labels: Readonly<Labels>) => has(labels) && among.has(labels[key] ?? "");
  if (set !== undefined) return set === "in" ? isAmong : (labels) => !isAmong(labels);
  switch (operator) {
    case "=":
    case "==":
      return (labels) => of(labels) === value;
    case "!=":
      return (labels) => of(labels) !== value;
    case ">":
      return (labels) => has(labels) && Number(of(labels)) > Number(value);
    case "<":
      return (labels) => has(labels) && Number(of(labels)) < Number(value);
    default:
      return not === "!" ? (labels) => !has(labels) : has;
  }
};
