import type { Figure } from "./figure.ts";

/** A number as people read it: 0.3, 4.7, 84, 1,004. */
export const number = (value: number): string => {
  const digits = value === 0 || value >= 10 ? 0 : value >= 1 ? 1 : 2;
  const most = value < 0.1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: digits };
  return value.toLocaleString("en-US", most);
};

/** With its unit: `84 ms`, `2.7 s`, `4.7 kB`, `25,000/s`, `0.33 USD`. */
export const shown = (value: number, unit: Figure["unit"]): string => {
  if (unit === "ms") return value < 1000 ? `${number(value)} ms` : `${number(value / 1000)} s`;
  if (unit === "B") return bytes(value);
  if (unit === "MB") return value < 1000 ? `${number(value)} MB` : `${number(value / 1000)} GB`;
  return `${number(value)}${unit === "" || unit === "/s" ? unit : ` ${unit}`}`;
};

const bytes = (value: number): string => {
  for (const [unit, size] of sizes) if (value >= size) return `${number(value / size)} ${unit}`;
  return `${number(value)} B`;
};

const sizes = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
] as const;
