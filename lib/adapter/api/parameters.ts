import { fieldSelectorError } from "../../config/field-selector.ts";
import { BadSelector, parseSelector, type Requirement } from "../selector.ts";
import { badRequest, untypedError } from "./status.ts";

/** `labelSelector`: 400 when it cannot be read. Of the API server's own lists it is passed on as it is written. */
export const labelSelectorIn = (query: URLSearchParams): readonly Requirement[] =>
  read(query.get("labelSelector") ?? "", (message) =>
    badRequest(`unable to parse labelSelector: ${message}`),
  );

/** `metricLabelSelector`, of the metric rather than its objects: upstream has no type for its error. */
export const metricSelectorIn = (query: URLSearchParams): readonly Requirement[] =>
  read(query.get("metricLabelSelector") ?? "", untypedError);

const read = (text: string, refusal: (message: string) => Error): readonly Requirement[] => {
  try {
    return parseSelector(text);
  } catch (error) {
    throw error instanceof BadSelector ? refusal(error.message) : error;
  }
};

/** `fieldSelector` beside a name in the path must say the same name. */
export const checkNameField = (query: URLSearchParams, name: string): void => {
  const text = query.get("fieldSelector") ?? "";
  if (text === "") return;
  const error = fieldSelectorError(text);
  if (error !== undefined) throw badRequest(`unable to parse fieldSelector: ${error}`);
  const named = text.split(",").flatMap((term) => /^metadata\.name==?(.*)$/.exec(term)?.[1] ?? []);
  if (named.length === 0 || named.some((one) => one !== name))
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
};

/** What a `MetricValue` says of the selector that it was asked with; null when there was none (spec B6). */
export const structuredSelector = (requirements: readonly Requirement[]): object | null => {
  if (requirements.length === 0) return null;
  const labels: [string, string][] = [];
  const expressions: object[] = [];
  for (const { key, operator, values } of requirements) {
    if (operator === "=" || operator === "==") labels.push([key, values[0] ?? ""]);
    else expressions.push(expressionOf(key, operator, values));
  }
  return {
    ...(labels.length > 0 && { matchLabels: Object.fromEntries(labels) }),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  };
};

const expressionOf = (key: string, operator: Requirement["operator"], values: readonly string[]) => {
  switch (operator) {
    case "in":
      return { key, operator: "In", values };
    case "notin":
      return { key, operator: "NotIn", values };
    case "exists":
      return { key, operator: "Exists" };
    case "!":
      return { key, operator: "DoesNotExist" };
    default:
      throw untypedError(`${JSON.stringify(operator)} is not a valid label selector operator`);
  }
};
