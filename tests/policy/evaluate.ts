import { listOf } from "../template-rules/resources.ts";
import type { Statement } from "../template-rules/statements.ts";
import type { Request } from "./request.ts";

/** A statement whose references are resolved to ARNs. */
export type Resolved = Omit<Statement, "resources"> & { readonly resources: readonly string[] };

/** Whether a statement is about this request, by IAM's rules ("IAM JSON policy elements"). Throws for a condition that it does not know. */
export const applies = (statement: Resolved, request: Omit<Request, "function">): boolean =>
  statement.actions.some((action) => isLike(action, request.action)) &&
  statement.resources.some((resource) => isLike(resource, request.resource)) &&
  Object.entries(statement.condition).every(([operator, wanted]) =>
    Object.entries(Object(wanted)).every(([key, values]) =>
      holds(operator, request.keys[key] ?? [], listOf(values).map(String)),
    ),
  );

/** What the statements together say: a denial wins, and without an allowance nothing is allowed. */
export const decide = (
  statements: readonly Resolved[],
  request: Omit<Request, "function">,
): "allowed" | "denied" | "not allowed" => {
  const own = statements.filter((one) => applies(one, request));
  if (own.some(({ effect }) => effect === "Deny")) return "denied";
  return own.some(({ effect }) => effect === "Allow") ? "allowed" : "not allowed";
};

/** A key that the request does not have fails a positive operator and passes a negated one, and `ForAllValues`. */
const holds = (operator: string, given: readonly string[], wanted: readonly string[]): boolean => {
  const is = (match: (pattern: string, value: string) => boolean) => (value: string) =>
    wanted.some((pattern) => match(pattern, value));
  switch (operator) {
    case "StringEquals":
      return given.some(is(isEqual));
    case "StringLike":
    case "ArnLike":
    case "ArnEquals":
      return given.some(is(isLike));
    case "StringNotEquals":
      return !given.some(is(isEqual));
    case "ArnNotEquals":
      return !given.some(is(isLike));
    case "ForAllValues:StringLike":
      return given.every(is(isLike));
    case "Null":
      return wanted.every((value) => (value === "true") === (given.length === 0));
    default:
      throw new Error(`the condition operator ${operator} is not known here`);
  }
};

const isEqual = (wanted: string, value: string) => wanted === value;

/** `*` is any text, `?` any character. */
const isLike = (pattern: string, value: string): boolean => {
  const text = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`, "s").test(value);
};
