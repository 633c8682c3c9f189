/** A place in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One mistake in a configuration file. `message` is Prometheus's own text wherever Prometheus has one. */
export interface Finding extends Place {
  readonly file: string;
  readonly message: string;
  /** What people call the place, where that says more than a line. */
  readonly within?: string;
}

/**
 * A configuration that is refused. The first finding is the one that Prometheus would print (spec §4.4);
 * `message` has every finding, one a line: `file:line:column: message`. No finding tells a secret.
 */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[], options?: ErrorOptions) {
    super(findings.map(findingLine).join("\n"), options);
    this.findings = findings;
  }
}

/** One line for a finding. A line break can only come from a value that is quoted. */
export const findingLine = ({ file, line, column, message, within }: Finding): string => {
  const where = within === undefined ? "" : ` (${within})`;
  return `${file}:${line}:${column}: ${message}${where}`.replaceAll("\n", "\\n");
};
