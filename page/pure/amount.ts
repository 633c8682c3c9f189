import { grouped } from "./time.ts";

/** What an amount is of: thousandths of a core, bytes, or bytes in a second. */
export type Amount = "cpu" | "bytes" | "rate";

/** As it is said in a line: `142m` and `12.4 cores`, `64 MiB`, `220 kB/s`. */
export const amountText = (of: Amount, value: number): string => {
  return inUnit(unitFor(of, Math.abs(value)), value);
};

/** The same in a unit that others have too, so that they can be compared. */
export const inUnit = ({ size, name }: Unit, value: number): string => {
  const count = value / size;
  const digits = size === 1 || Math.abs(count) >= 100 ? 0 : Math.abs(count) >= 10 ? 1 : 2;
  const rounded = Number(count.toFixed(digits));
  const text = Number.isInteger(rounded) ? grouped(rounded) : String(rounded);
  return name === "m" ? `${text}m` : `${text} ${name}`;
};

/** The unit in which amounts up to `most` are said. */
export const unitFor = (of: Amount, most: number): Unit =>
  units[of].findLast(({ from }) => most >= from) ?? units[of][0]!;

export interface Unit {
  /** The smallest amount that is said in it. */
  readonly from: number;
  readonly size: number;
  readonly name: string;
}

const scaled = (base: number, names: readonly string[]): Unit[] =>
  names.map((name, power) => ({ from: power === 0 ? 0 : base ** power, size: base ** power, name }));

const units: Readonly<Record<Amount, readonly Unit[]>> = {
  // Kubernetes's own notation, until the numbers grow long.
  cpu: [
    { from: 0, size: 1, name: "m" },
    { from: 10_000, size: 1000, name: "cores" },
  ],
  bytes: scaled(1024, ["B", "KiB", "MiB", "GiB", "TiB"]),
  rate: scaled(1000, ["B/s", "kB/s", "MB/s", "GB/s"]),
};
