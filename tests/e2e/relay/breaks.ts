import type { Fault, FaultRule } from "../../../local/demo/faults.ts";

const status = (code: number): Fault => ({ kind: "status", code });

interface Break extends FaultRule {
  readonly name: string;
  /** What the provider's status says. */
  readonly expected: RegExp;
}

/** How a watch breaks so that it cannot simply be opened again. */
export const breaks: readonly Break[] = [
  { name: "an internal error", on: ["watch", "list"], expected: /500 /, fault: status(500) },
  { name: "a web page", on: ["watch", "list"], expected: /text\/html/, fault: { kind: "html", code: 200 } },
  { name: "a refusal", on: ["watch", "list"], expected: /403 Forbidden/, fault: status(403) },
  { name: "text that is no event", on: "watch", expected: /JSON/, fault: { kind: "inject", text: "{\n" } },
];
