import { isCredential, isMetricUri } from "./credential-keys.ts";
import type { Mistake } from "./decode.ts";
import { secretOptions } from "./metrics/options.ts";
import { hasReference, withReferences } from "./reference.ts";
import { type Scalar, scalarsIn, withTexts } from "./scalars.ts";
import type { YamlNode } from "./yaml-node.ts";

/**
 * What references of `rollcall.yml` stand for, by the reference as it is written (ADR 19). Those of credentials are never
 * among them: they are resolved by whoever uses them.
 */
export type Values = Readonly<Record<string, string>>;

/** Where references stand that are resolved when the configuration is accepted; each text has at least one. */
export const openReferences = (root: YamlNode | undefined): Scalar[] =>
  scalarsIn(root)
    .map((scalar) => ({ ...scalar, text: openPartsOf(scalar).join("\n") }))
    .filter(({ text }) => hasReference(text));

/** The settings with values in the place of those references. */
export const withValues = (root: YamlNode, values: Values): YamlNode => {
  const known = new Map(Object.entries(values));
  if (known.size === 0) return root;
  return withTexts(root, (scalar) => {
    if (!openPartsOf(scalar).some(hasReference)) return undefined;
    return isMetricUri(scalar.keys) ? uriWith(scalar.text, known) : withReferences(scalar.text, known);
  });
};

/** References that are left where nobody will resolve them; without values nobody has. */
export const unresolved = (root: YamlNode | undefined, values: Values | undefined): Mistake[] =>
  openReferences(root).map(({ keys, place }) => {
    const why =
      values === undefined
        ? "a reference is resolved in the cloud only; here write the value"
        : "what a reference stands for may not have a reference in it";
    return { place, message: `${keys.at(-1)}: ${why}` };
  });

/** Of a URI: what stands before its options, and those that are no secrets. */
const openPartsOf = ({ text, keys }: Scalar): string[] => {
  if (isCredential(keys)) return [];
  if (!isMetricUri(keys)) return [text];
  const { before, options } = partsOf(text);
  return [before, ...options.filter((option) => !isSecretOption(option))];
};

/** A value among the options is one option, whatever it has in it. */
const uriWith = (text: string, values: ReadonlyMap<string, string>): string => {
  const encoded = new Map([...values].map(([written, value]) => [written, encodeURIComponent(value)]));
  const { before, options } = partsOf(text);
  const resolved = options.map((option) =>
    isSecretOption(option) ? option : withReferences(option, encoded),
  );
  const start = withReferences(before, values);
  return resolved.length === 0 ? start : `${start}?${resolved.join("&")}`;
};

/** Marks inside of a reference are its own. */
const partsOf = (text: string) => {
  const at = text.search(/\?(?![^{}]*\})/);
  if (at < 0) return { before: text, options: [] };
  return { before: text.slice(0, at), options: text.slice(at + 1).split(/&(?![^{}]*\})/) };
};

const isSecretOption = (option: string) =>
  secretOptions.has([...new URLSearchParams(option).keys()][0] ?? "");
