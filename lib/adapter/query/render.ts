import { reasonOf } from "../../errors.ts";
import { Unbuildable } from "../registry/registry.ts";
import { TemplateError } from "../template/error.ts";
import { type Mark, marked, unmarked } from "../template/marks.ts";
import type { Template } from "../template/template.ts";
import { misplacedIn } from "./bare.ts";
import { labelName, type Matcher } from "./matchers.ts";

/** What a template of a query is filled in with. */
export interface QueryFields {
  /** "" in resource rules. */
  readonly series: string;
  readonly matchers: readonly Matcher[];
  readonly groupBy: readonly string[];
}

/**
 * Fills a template in (spec B5). What stands in the query unquoted, or in quotes of the template's own, comes from whoever asks or
 * from the server: nothing of it may mean more than a text. Throws Unbuildable.
 */
export const renderQuery = (template: Template, fields: QueryFields): string => {
  for (const label of fields.groupBy) labelName(label);
  const raw = rawTexts(template, fields);
  const bad = [raw.series, ...raw.values].find((text) => !harmless.test(text));
  if (bad !== undefined)
    throw new Unbuildable(
      `${JSON.stringify(bad)} cannot stand in a query: its template takes letters, digits and _.:/|- only`,
    );
  const query = filledIn(template, fields, (text) => text);
  if (query === "") throw new Unbuildable("the template of the query gives an empty query");
  // A word of the server's is at home anywhere; most templates have nothing else.
  if (raw.values.length > 0 || /[/-]/.test(raw.series)) checkBare(query, filledIn(template, fields, marked));
  return query;
};

const filledIn = (
  template: Template,
  { series, matchers, groupBy }: QueryFields,
  change: (text: string, mark: Mark) => string,
): string =>
  rendered(template, {
    Series: change(series, "series"),
    LabelMatchers: matchers.map(({ promql }) => promql).join(","),
    LabelValuesByName: new Map(
      matchers.map(({ label, values }) => [change(label, "caller"), change(values, "caller")]),
    ),
    GroupBy: groupBy.join(","),
    GroupBySlice: groupBy,
  });

/** `marks`: the query of marked texts. */
const checkBare = (query: string, marks: string): void => {
  if (unmarked(marks) !== query)
    throw new Unbuildable("the template makes another text of a value: where it stands cannot be told");
  const misplaced = misplacedIn(query, marks);
  if (misplaced !== undefined)
    throw new Unbuildable(
      `${JSON.stringify(misplaced)} stands outside of quotes, where a value may be a number, a duration, or a label in { } or behind by, without, on, ignoring, group_left, group_right; a series a word`,
    );
};

/** Only what the template can get at, so that a strange name is refused only there. */
const rawTexts = ({ names }: Template, { series, matchers }: QueryFields) => {
  const has = (name: string) => names === "all" || names.has(name);
  return {
    series: has("Series") ? series : "",
    values: has("LabelValuesByName") ? matchers.map(({ values }) => values) : [],
  };
};

/** None of these ends a text in quotes, of whatever kind. */
const harmless = /^[\w.:/|-]*$/;

const rendered = (template: Template, fields: Parameters<Template["render"]>[0]): string => {
  try {
    return template.render(fields);
  } catch (error) {
    if (error instanceof TemplateError) throw new Unbuildable(reasonOf(error), { cause: error });
    throw error;
  }
};
