/** A parsed template (Go's `text/template/parse`), as far as it is supported here. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly line: number; readonly pipe: Pipe }
  | Branch
  | { readonly kind: "break" | "continue"; readonly line: number };

export interface Branch {
  readonly kind: "if" | "with" | "range";
  readonly line: number;
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** Commands that each get the value of the one before as their last argument; the result goes to the variables. */
export interface Pipe {
  readonly line: number;
  readonly variables: readonly string[];
  /** `=`, and not `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly line: number;
  /** The first may be a function's name; there is one operand at least. */
  readonly operands: readonly Operand[];
}

export type Operand =
  | { readonly kind: "dot" }
  | { readonly kind: "nil" }
  | { readonly kind: "literal"; readonly value: string | boolean | bigint | number; readonly text: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  /** Fields of an operand; of the dot when there is none. */
  | { readonly kind: "field"; readonly of: Operand | undefined; readonly names: readonly string[] }
  | { readonly kind: "pipe"; readonly pipe: Pipe };
