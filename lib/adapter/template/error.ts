/** What is wrong with a template, or why it cannot be filled in. `message` is one line; `line` counts from 1 in the template's own text. */
export class TemplateError extends Error {
  override name = "TemplateError";
  readonly line: number;

  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
    this.line = line;
  }
}
