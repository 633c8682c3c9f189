import { RE2JS } from "re2js";
import { parseTemplate } from "../../relabel/template.ts";
import type { NameRule, SeriesFilter } from "../config/rules.ts";
import { remembered } from "./remembered.ts";

/** How a rule names the metric that a series is; undefined when the rule does not want the series, or gives it no name. */
export type NameOf = (series: string) => string | undefined;

/** The rule's filters and its naming (spec B2): unanchored RE2, and Go's expansion of the first match. */
export const createNaming = (filters: readonly SeriesFilter[], { matches, as }: NameRule): NameOf => {
  const compiled = filters.map(({ regex, wants }) => ({ pattern: RE2JS.compile(regex), wants }));
  // What does not match has no name, so the pattern is a filter as well.
  const pattern = RE2JS.compile(matches);
  const names = pattern.namedGroups();
  const { expand } = parseTemplate(as, (name) => names[name]);
  return remembered((series) => {
    if (!compiled.every(({ pattern: filter, wants }) => filter.matcher(series).find() === wants))
      return undefined;
    const matcher = pattern.matcher(series);
    if (!matcher.find()) return undefined;
    const groups = Array.from(
      { length: matcher.groupCount() + 1 },
      (_, at) => matcher.group(at) ?? undefined,
    );
    const name = expand(groups);
    return name === "" ? undefined : name;
  });
};
