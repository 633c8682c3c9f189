import { quoted } from "../../config/go-text.ts";
import { unmarked } from "./marks.ts";
import {
  isList,
  isMap,
  printed,
  shortest,
  sortedEntries,
  typeOf,
  type Value,
  withTwoDigits,
} from "./value.ts";

/** Go's fmt.Sprintf for what a template can hold. A verb that does not fit is told in the text, as Go does; it never throws. */
export const sprintf = (format: string, values: readonly Value[]): string => {
  let next = 0;
  const text = format.replace(
    directive,
    (all, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (verb === "") return `%!(NOVERB)`;
      if (width === "*" || precision === "*") return `%!${verb}(BADWIDTH)`;
      const value = values[next];
      next += 1;
      if (value === undefined) return `%!${verb}(MISSING)`;
      const spec: Spec = {
        flags,
        width: sizeOf(width),
        precision: precision === undefined ? undefined : sizeOf(precision),
        verb,
      };
      if (spec.width > largest || (spec.precision ?? 0) > largest) return `%!(BADWIDTH)${all.slice(0, 0)}`;
      return padded(formatted(spec, value), spec);
    },
  );
  const extra = values
    .slice(next)
    .map((value) => (value === null ? "<nil>" : `${typeOf(value)}=${printed(value)}`));
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(", ")})`;
};

const directive = /%([-+# 0]*)(\d+|\*)?(?:\.(\d*|\*))?([\s\S]?)/gu;

/** Of a width and a precision; Go's own bound is a million. */
const largest = 1000;

const sizeOf = (digits: string | undefined) => (digits === undefined || digits === "" ? 0 : Number(digits));

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly verb: string;
}

const padded = (text: string, { flags, width }: Spec): string => {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0")) return " ".repeat(missing) + text;
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
};

const formatted = (spec: Spec, value: Value): string => {
  const { verb } = spec;
  if (verb === "T") return typeOf(value);
  // Of a slice or a map each element is formatted by itself.
  if (isList(value)) return `[${value.map((one) => formatted(spec, one)).join(" ")}]`;
  if (isMap(value)) {
    const pairs = sortedEntries(value).map(([key, one]) => `${formatted(spec, key)}:${formatted(spec, one)}`);
    return `map[${pairs.join(" ")}]`;
  }
  return own(spec, value) ?? `%!${verb}(${value === null ? "<nil>" : `${typeOf(value)}=${printed(value)}`})`;
};

/** Undefined when the verb does not fit the value. */
const own = (spec: Spec, value: Value): string | undefined => {
  if (typeof value === "string") return ofText(spec, value);
  if (typeof value === "boolean") return spec.verb === "t" || spec.verb === "v" ? String(value) : undefined;
  if (typeof value === "bigint") return ofInteger(spec, value);
  if (typeof value === "number") return ofFloat(spec, value);
  return spec.verb === "v" && value !== null ? printed(value) : undefined;
};

const ofText = ({ verb, precision, flags }: Spec, value: string): string | undefined => {
  const text = precision === undefined ? value : [...value].slice(0, precision).join("");
  if (verb === "s" || (verb === "v" && !flags.includes("#"))) return text;
  if (verb === "q" || verb === "v") return quoted(unmarked(text));
  const hex = Buffer.from(text).toString("hex");
  if (verb === "x") return hex;
  return verb === "X" ? hex.toUpperCase() : undefined;
};

const bases: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, b: 2 };

const ofInteger = ({ verb, flags }: Spec, value: bigint): string | undefined => {
  const base = bases[verb];
  if (base !== undefined) {
    const digits = value.toString(base);
    const plus = flags.includes("+") && value >= 0n ? "+" : "";
    return plus + (verb === "X" ? digits.toUpperCase() : digits);
  }
  if (verb !== "c" && verb !== "q") return undefined;
  const point = value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd;
  const letter = String.fromCodePoint(point).toWellFormed();
  return verb === "c" ? letter : `'${quoted(letter).slice(1, -1)}'`;
};

const ofFloat = ({ verb, precision, flags }: Spec, value: number): string | undefined => {
  const text = floatText(verb, value, precision);
  if (text === undefined) return undefined;
  return flags.includes("+") && !/^[+-]/.test(text) ? `+${text}` : text;
};

const floatText = (verb: string, value: number, precision: number | undefined): string | undefined => {
  const lower = verb.toLowerCase();
  if (!"feg".includes(lower) && verb !== "v") return undefined;
  if (!Number.isFinite(value)) return shortest(value, 21);
  const text = finiteText(lower, value, precision);
  return verb === lower ? text : text.toUpperCase();
};

/** JavaScript gives a hundred digits at most, which is more than a float has. */
const finiteText = (verb: string, value: number, precision: number | undefined): string => {
  const digits = Math.min(precision ?? 6, 100);
  if (verb === "f") return Math.abs(value) < 1e21 ? value.toFixed(digits) : String(BigInt(value));
  if (verb === "e") return withTwoDigits(value.toExponential(digits));
  if (precision === undefined) return shortest(value, 21);
  return shortest(Number(value.toPrecision(Math.max(1, digits))), Math.max(1, digits));
};
