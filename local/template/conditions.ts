/** Tells whether a condition of the template holds; throws for one that is not there, and for a function that it does not know. */
export const conditionsOf = (
  conditions: Readonly<Record<string, unknown>>,
  resolve: (value: unknown) => unknown,
): ((name: string) => boolean) => {
  const holds = (name: string): boolean => {
    if (!(name in conditions)) throw new Error(`the template has no condition ${name}`);
    return evaluate(conditions[name]);
  };
  const evaluate = (expression: unknown): boolean => {
    const [[key, operand] = ["nothing", undefined]] = Object.entries(Object(expression));
    if (key === "Condition") return holds(String(operand));
    const operands: unknown[] = Array.isArray(operand) ? operand : [];
    if (key === "Fn::Equals") return String(resolve(operands[0])) === String(resolve(operands[1]));
    if (key === "Fn::Not") return !evaluate(operands[0]);
    if (key === "Fn::And") return operands.every(evaluate);
    if (key === "Fn::Or") return operands.some(evaluate);
    throw new Error(`a condition of the template uses ${key}, which the local run does not know`);
  };
  return holds;
};
