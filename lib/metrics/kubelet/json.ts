/**
 * JSON without loss: whole numbers of 16 digits and more stay exact (read them with `optionalInt64`), since `cpu/usage` outgrows 53 bits. They are
 * made texts before parsing, which takes a fifth of the time that a reviver does. Throws SyntaxError.
 */
export const parseLossless = (text: string): unknown => {
  if (!large.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text.replaceAll(largeEverywhere, (digits) => `"\\u0000${digits}"`));
  } catch {
    // A text that looked like a large number inside: the quotes in it have made the whole no JSON, never another JSON.
    return JSON.parse(text, (_, value: unknown, { source }: { source?: string } = {}) =>
      typeof value === "number" && source !== undefined && /^-?\d{16,}$/.test(source)
        ? `${mark}${source}`
        : value,
    );
  }
};

const large = /[[,:]\s*-?\d{16}/;
const largeEverywhere = /(?<=[[,:]\s*)-?\d{16,}(?=\s*[,}\]])/g;
/** Nothing that is written in earnest begins so. */
const mark = "\u0000";

/** An int64, as Go makes one of a uint64, too; undefined when it is absent. Throws `field: expected …, got …`; `below` is that of a part. */
export const optionalInt64 = (value: unknown, field: string, below?: string): bigint | undefined => {
  if (value === undefined || value === null) return undefined;
  const exact = exactOf(value);
  if (exact !== undefined && (typeof value === "number" || (exact >= smallest && exact < tooLarge)))
    return BigInt.asIntN(64, exact);
  throw new Error(
    `${below === undefined ? field : `${field}.${below}`}: expected a 64-bit integer, got ${typeof value === "number" ? value : `a ${typeof value}`}`,
  );
};

const smallest = -(2n ** 63n);
const tooLarge = 2n ** 64n;

/** An absent one is zero. */
export const int64 = (value: unknown, field: string): bigint => optionalInt64(value, field) ?? 0n;

/** A finite number; large whole ones lose what a double cannot hold. */
export const double = (value: unknown, field: string): number => {
  const number = typeof value === "number" ? value : Number(exactOf(value) ?? Number.NaN);
  if (Number.isFinite(number)) return number;
  throw new Error(`${field}: expected a number, got a ${typeof value}`);
};

const exactOf = (value: unknown): bigint | undefined => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string" || !value.startsWith(mark)) return undefined;
  const digits = value.slice(mark.length);
  return /^-?\d{1,30}$/.test(digits) ? BigInt(digits) : undefined;
};
