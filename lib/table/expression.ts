/** What an expression names, `#name` standing for the attribute `name`. */
export const namesIn = (...expressions: (string | undefined)[]): Record<string, string> =>
  Object.fromEntries(
    expressions
      .flatMap((expression) => expression?.match(/#\w+/g) ?? [])
      .map((name) => [name, name.slice(1)]),
  );

export const projectionOf = (attributes: readonly string[]): string =>
  attributes.map((name) => `#${name}`).join(", ");
