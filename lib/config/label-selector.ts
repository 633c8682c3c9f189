import { byBytes, byteLength, quoted } from "./go-text.ts";

/** One condition of a Kubernetes label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** As written, sorted and without repeats; none for `exists` and `!`, one for `=`, `==`, `!=`, `>` and `<`. */
  readonly values: readonly string[];
}

export type Operator = BinaryOperator | "exists" | "!";
type BinaryOperator = "=" | "==" | "!=" | "in" | "notin" | ">" | "<";

export type ParsedSelector =
  | { readonly requirements: readonly Requirement[] }
  /** In apimachinery's words. */
  | { readonly error: string };

/** What is wrong with a label selector, as apimachinery's `labels` package finds it; undefined when nothing. */
export const labelSelectorError = (selector: string): string | undefined => {
  const parsed = parseLabelSelector(selector);
  return "error" in parsed ? parsed.error : undefined;
};

/** A label selector as apimachinery's `labels.Parse` reads it: its requirements in the order of their keys. */
export const parseLabelSelector = (selector: string): ParsedSelector => {
  const tokens = tokensOf(selector);
  const requirements: Requirement[] = [];
  for (let at = 0; tokens[at] !== undefined; at += 1) {
    const parsed = requirement(tokens, at);
    if ("error" in parsed) return parsed;
    requirements.push(parsed.requirement);
    at = parsed.next;
    const separator = tokens[at];
    if (separator === undefined) break;
    if (separator !== ",") return { error: `found '${separator}', expected: ',' or 'end of string'` };
    const following = tokens[at + 1] ?? "";
    if (!isIdentifier(following) && following !== "!") {
      return { error: `found '${following}', expected: identifier after ','` };
    }
  }
  return { requirements: requirements.sort((a, b) => byBytes(a.key, b.key)) };
};

/** Whether labels meet every requirement (apimachinery's `Requirement.Matches`). */
export const labelsFit = (
  requirements: readonly Requirement[],
  labels: Readonly<Record<string, string>>,
): boolean => requirements.every((requirement) => isMet(requirement, labels));

const isMet = ({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const has = value !== undefined;
  switch (operator) {
    case "=":
    case "==":
    case "in":
      return has && values.includes(value);
    case "!=":
    case "notin":
      return !has || !values.includes(value);
    case ">":
      return has && Number(value) > Number(values[0]);
    case "<":
      return has && Number(value) < Number(values[0]);
    default:
      return has === (operator === "exists");
  }
};

const tokensOf = (selector: string) => selector.match(/!=|==|[=!(),<>]|[^=!(),<>\s]+/g) ?? [];

const isIdentifier = (token: string | undefined): token is string =>
  token !== undefined && /^[^=!(),<>]/.test(token);

type Step = { readonly requirement: Requirement; readonly next: number } | { readonly error: string };
const wrong = (text: string) => ({ error: `unable to parse requirement: ${text}` });

const requirement = (tokens: readonly string[], start: number): Step => {
  const first = tokens[start] ?? "";
  if (!isIdentifier(first) && first !== "!") {
    return { error: `found '${first}', expected: !, identifier, or 'end of string'` };
  }
  const at = first === "!" ? start + 1 : start;
  const key = tokens[at];
  if (!isIdentifier(key)) return wrong(`found '${key ?? ""}', expected: identifier`);
  const keyError = labelKeyError(key);
  if (keyError !== undefined) return wrong(keyError);
  // After `!key` nothing but a comma makes sense, and the caller looks for it.
  const operator = first === "!" ? undefined : tokens[at + 1];
  if (operator === undefined || operator === ",") {
    return { requirement: { key, operator: first === "!" ? "!" : "exists", values: [] }, next: at + 1 };
  }
  const known = binaryOperators.find((each) => each === operator);
  if (known === "in" || known === "notin") return valueSet(tokens, { at: at + 2, key, operator: known });
  if (known !== undefined) return exactValue(tokens, { at: at + 2, key, operator: known });
  return wrong(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
};

const binaryOperators: readonly BinaryOperator[] = ["in", "notin", "=", "==", "!=", ">", "<"];

interface Written {
  readonly at: number;
  readonly key: string;
  readonly operator: BinaryOperator;
}

const exactValue = (tokens: readonly string[], { at, key, operator }: Written): Step => {
  const value = tokens[at];
  const isEmpty = value === undefined || value === ",";
  if (!isEmpty && !isIdentifier(value)) return wrong(`found '${value}', expected: identifier`);
  const found = isEmpty ? "" : value;
  if ((operator === "<" || operator === ">") && !/^[-+]?[0-9]+$/.test(found)) {
    const needed = "for 'Gt', 'Lt' operators, the value must be an integer";
    return wrong(`values[0]: Invalid value: ${quoted(found)}: ${needed}`);
  }
  const error = labelValueError(key, [found]);
  if (error !== undefined) return wrong(error);
  return { requirement: { key, operator, values: [found] }, next: isEmpty ? at : at + 1 };
};

const valueSet = (tokens: readonly string[], { at, key, operator }: Written): Step => {
  if (tokens[at] !== "(") return wrong(`found '${tokens[at] ?? ""}' expected: '('`);
  const close = tokens.findIndex((token, index) => index > at && token !== "," && !isIdentifier(token));
  const inside = tokens.slice(at + 1, close < 0 ? tokens.length : close);
  const double = inside.findIndex((token, index) => token !== "," && (inside[index + 1] ?? ",") !== ",");
  if (double >= 0) return wrong(`found '${inside[double + 1]}', expected: ',' or ')'`);
  if (tokens[close] !== ")") {
    const found = tokens[close] ?? "";
    const needed = inside.at(-1) === "," || inside.length === 0 ? "',', or identifier" : "',' or ')'";
    return wrong(`found '${found}', expected: ${inside.length === 0 ? "',', ')' or identifier" : needed}`);
  }
  // A comma with nothing on one of its sides, and `()`, mean an empty value.
  const values = [...new Set(inside.join("").split(","))].sort(byBytes);
  const error = labelValueError(key, values);
  return error === undefined ? { requirement: { key, operator, values }, next: close + 1 } : wrong(error);
};

const labelKeyError = (key: string): string | undefined => {
  const parts = key.split("/");
  const [prefix, name] = parts.length === 1 ? [undefined, key] : [parts[0], parts[1] ?? ""];
  const invalid = (why: string) => `<nil>: Invalid value: ${quoted(key)}: ${why}`;
  if (parts.length > 2) return invalid("more than one / in a label name");
  if (prefix !== undefined && (prefix.length > 253 || !subdomain.test(prefix))) {
    return invalid("the prefix of a label name must be a lower-case DNS name");
  }
  return name.length > 63 || !labelName.test(name)
    ? invalid("not a label name of up to 63 characters")
    : undefined;
};

const labelValueError = (key: string, values: readonly string[]): string | undefined => {
  const index = values.findIndex((value) => byteLength(value) > 63 || !labelValue.test(value));
  if (index < 0) return undefined;
  const place = `values[${index}][${key}]`;
  return `${place}: Invalid value: ${quoted(values[index] ?? "")}: not a label value of up to 63 characters`;
};

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
