/** A secret that is kept elsewhere: `${ssm:NAME}`, or `${secretsmanager:ID}` and `${secretsmanager:ID#KEY}`. */
export interface Reference {
  /** As it stands in the file. */
  readonly written: string;
  readonly store: "ssm" | "secretsmanager";
  /** The parameter's name or ARN, or the secret's. */
  readonly id: string;
  /** A member of a secret that is a JSON object. */
  readonly key?: string;
}

export const hasReference = (text: string): boolean => text.search(pattern) !== -1;

/** The references in a text, in order. Throws one line that names the one that makes no sense, and what is allowed. */
export const referencesIn = (text: string): Reference[] =>
  [...text.matchAll(pattern)].map(([written, store, rest = ""]) =>
    store === "ssm" ? parameter(written, rest) : secret(written, rest),
  );

/** The text with something else in the place of each reference. */
export const withReferences = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(pattern, (written) => values.get(written) ?? written);

const pattern = /\$\{(ssm|secretsmanager):([^{}]*)\}/g;

const parameter = (written: string, id: string): Reference => {
  if (!/^[\w./:-]{1,1011}$/.test(id)) {
    throw new Error(`${shown(written)}: expected \${ssm:NAME}, a parameter's name or ARN`);
  }
  return { written, store: "ssm", id };
};

const secret = (written: string, rest: string): Reference => {
  const [, id = "", key] = /^([\w/+=.@:!-]{1,2048})(?:#([^#]{1,256}))?$/.exec(rest) ?? [];
  if (id === "") {
    throw new Error(
      `${shown(written)}: expected \${secretsmanager:ID} or \${secretsmanager:ID#KEY}, a secret's name or ARN and a key of its JSON`,
    );
  }
  return { written, store: "secretsmanager", id, ...(key === undefined ? {} : { key }) };
};

const shown = (written: string) => written.replace(/\s+/g, " ").slice(0, 200);
