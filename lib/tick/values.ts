import type { Mistake } from "../config/decode.ts";
import { ConfigurationError, type Finding } from "../config/error.ts";
import { referencesIn } from "../config/reference.ts";
import type { Scalar } from "../config/scalars.ts";
import type { SourceFile } from "../config/source-file.ts";
import { openReferences, type Values } from "../config/values.ts";
import { parseYaml, YamlError } from "../config/yaml.ts";
import type { Credentials } from "../credential/credentials.ts";
import { reasonOf } from "../errors.ts";

/**
 * What the references of the settings stand for, but for those of credentials (design §3.7, ADR 19). Throws ConfigurationError
 * with the place of each that makes no sense or cannot be had.
 */
export const valuesOf = async (
  settings: SourceFile,
  credentials: Pick<Credentials, "reveal">,
): Promise<Values> => {
  const refuse = (mistakes: readonly Mistake[]) => {
    if (mistakes.length === 0) return;
    throw new ConfigurationError(
      mistakes.map(({ place, message }): Finding => ({ file: settings.path, ...place, message })),
    );
  };
  const { named, mistakes } = namedIn(openReferences(rootOf(settings)));
  refuse(mistakes);
  const values: Record<string, string> = {};
  for (const some of chunked([...named])) {
    const told = some.map(([written, scalar]) => have(written, scalar, credentials));
    const outcomes = await Promise.all(told);
    // The rest would fail likewise, each after its time.
    refuse(outcomes.filter((one) => "message" in one));
    for (const one of outcomes) if ("value" in one) values[one.written] = one.value;
  }
  return values;
};

/** More at once, and Parameter Store refuses some. */
const atOnce = 10;
/** A minute's tick must have them all. */
const most = 100;

/** What is no YAML has none: whoever parses it next says why. */
const rootOf = ({ text }: SourceFile) => {
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
};

/** Each reference once, with the first place where it stands. */
const namedIn = (scalars: readonly Scalar[]) => {
  const named = new Map<string, Scalar>();
  const mistakes: Mistake[] = [];
  for (const scalar of scalars) {
    try {
      for (const { written } of referencesIn(scalar.text)) {
        if (!named.has(written)) named.set(written, scalar);
      }
    } catch (error) {
      mistakes.push({ place: scalar.place, message: `${keyOf(scalar)}: ${reasonOf(error)}` });
    }
  }
  const last = [...named.values()][most];
  if (last !== undefined)
    mistakes.push({ place: last.place, message: `more than ${most} references outside credentials` });
  return { named, mistakes };
};

type Had = { readonly written: string; readonly value: string } | Mistake;

const have = async (
  written: string,
  scalar: Scalar,
  credentials: Pick<Credentials, "reveal">,
): Promise<Had> => {
  try {
    return { written, value: await credentials.reveal(written) };
  } catch (error) {
    return { place: scalar.place, message: `${keyOf(scalar)}: ${reasonOf(error)}` };
  }
};

const keyOf = ({ keys }: Scalar) => keys.at(-1) ?? "";

const chunked = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / atOnce) }, (_, index) =>
    items.slice(index * atOnce, (index + 1) * atOnce),
  );

/** What `parse` gives. A mistake of a value that is kept elsewhere is told without the value, which may be secret there. */
export const withoutValues = <T>(values: Values | undefined, parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ConfigurationError) || values === undefined) throw error;
    throw new ConfigurationError(
      error.findings.map((finding) => ({ ...finding, message: shown(finding.message, values) })),
    );
  }
};

const shown = (message: string, values: Values): string =>
  Object.entries(values)
    .flatMap(([written, value]) => spellingsOf(value).map((spelling) => [spelling, written] as const))
    // The longest first: one may be part of another.
    .sort(([a], [b]) => b.length - a.length)
    .reduce((text, [spelling, written]) => text.replaceAll(spelling, () => written), message);

/** As it is, as a JSON text, within a URI, and cut off as Go cuts it off. */
const spellingsOf = (value: string): string[] =>
  [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    `${Buffer.from(value).subarray(0, 7).toString()}...`,
  ].filter(({ length }) => length >= shortest);

/** Shorter ones would blot out ordinary words. */
const shortest = 6;
