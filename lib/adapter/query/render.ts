import { reasonOf } from "../../errors.ts";
import { Unbuildable } from "../registry/registry.ts";
import { TemplateError } from "../template/error.ts";
import type { Template } from "../template/template.ts";
import { labelName, type Matcher } from "./matchers.ts";
import { shapeOf } from "./shape.ts";

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
  const { series, matchers, groupBy } = fields;
  for (const label of groupBy) labelName(label);
  const raw = rawTexts(template, fields);
  const bad = raw.find((text) => !harmless.test(text));
  if (bad !== undefined)
    throw new Unbuildable(
      `${JSON.stringify(bad)} cannot stand in a query: its template takes letters, digits and _.:/|- only`,
    );
  const render = (change: (text: string) => string): string =>
    rendered(template, {
      Series: change(series),
      LabelMatchers: matchers.map(({ promql }) => promql).join(","),
      LabelValuesByName: new Map(matchers.map(({ label, values }) => [label, change(values)])),
      GroupBy: groupBy.join(","),
      GroupBySlice: groupBy,
    });
  const query = render((text) => text);
  if (query === "") throw new Unbuildable("the template of the query gives an empty query");
  if (raw.some((text) => operators.test(text)) && shapeOf(query) !== shapeOf(render(withoutOperators)))
    throw new Unbuildable("a value would change the structure of the query: it stands outside of quotes");
  return query;
};

/** Values by name only where the template can get at them, so that a strange name is refused only there. */
const rawTexts = ({ names }: Template, { series, matchers }: QueryFields): string[] => {
  const has = (name: string) => names === "all" || names.has(name);
  return [
    ...(has("Series") ? [series] : []),
    ...(has("LabelValuesByName") ? matchers.map(({ values }) => values) : []),
  ];
};

/** None of these ends a text in quotes, of whatever kind. */
const harmless = /^[\w.:/|-]*$/;
const operators = /[/-]/;
const withoutOperators = (text: string) => text.replaceAll(/[/-]/g, "_");

const rendered = (template: Template, fields: Parameters<Template["render"]>[0]): string => {
  try {
    return template.render(fields);
  } catch (error) {
    if (error instanceof TemplateError) throw new Unbuildable(reasonOf(error), { cause: error });
    throw error;
  }
};
