/** One requirement of a Kubernetes label selector. `values` is as written, without repeats and sorted; empty for `exists` and `!`. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

export type Operator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | ">" | "<";
