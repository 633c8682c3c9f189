import { byBytes, quoted } from "../../config/go-text.ts";
import { Unbuildable } from "../registry/registry.ts";
import type { Requirement } from "../selector.ts";

/** One condition of a query on a label, as PromQL and as a template sees it. */
export interface Matcher {
  readonly label: string;
  readonly promql: string;
  /** Joined by `|`; "" for `exists` and `!`. */
  readonly values: string;
}

/**
 * The conditions of a query in upstream's order: the selector's by their keys, then the namespace, then the objects (spec B5).
 * Upstream puts keys and values there as they are. Here a label that Prometheus does not know as one is refused, and values are
 * escaped where they become a regular expression. Throws Unbuildable.
 */
export const requirementMatchers = (selector: readonly Requirement[]): Matcher[] =>
  selector.toSorted((a, b) => byBytes(a.key, b.key)).map(matcherOf);

const matcherOf = ({ key, operator, values }: Requirement): Matcher => {
  switch (operator) {
    case "=":
    case "==":
      return matching(key, "=", values);
    case "!=":
      return matching(key, "!=", values);
    case "in":
      return matching(key, "=~", values);
    case "notin":
      return matching(key, "!~", values);
    case "exists":
      return matching(key, "!=", []);
    case "!":
      return matching(key, "=", []);
    default:
      throw new Unbuildable(`operator ${operator} of a selector has no counterpart in PromQL`);
  }
};

/** Of objects by their names: one as it is, several as a regular expression. */
export const namesMatcher = (label: string, names: readonly string[]): Matcher =>
  matching(label, names.length > 1 ? "=~" : "=", names);

const matching = (label: string, operator: "=" | "!=" | "=~" | "!~", values: readonly string[]): Matcher => {
  const isPattern = operator === "=~" || operator === "!~";
  const value = values.map((one) => (isPattern ? literally(one) : one)).join("|");
  return {
    label,
    promql: `${labelName(label)}${operator}${quoted(value.toWellFormed())}`,
    values: values.join("|"),
  };
};

/** The text itself as a regular expression of RE2. */
const literally = (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");

/** Prometheus 3 would take any text in quotes, others nothing but this. */
export const labelName = (label: string): string => {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) return label;
  throw new Unbuildable(
    `${JSON.stringify(label)} is no label name of Prometheus: letters, digits and underscores`,
  );
};
