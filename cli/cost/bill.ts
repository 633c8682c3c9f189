import { priceList } from "./prices.ts";
import type { Line } from "./rates.ts";

export interface PricedLine extends Line {
  readonly usd: number;
}

export interface Bill {
  /** By service, the dearest first, and so within each; without what is not used. */
  readonly lines: readonly PricedLine[];
  readonly services: readonly { readonly service: string; readonly usd: number }[];
  readonly usd: number;
}

/** What the units cost by the price list. */
export const billOf = (units: readonly Line[]): Bill => {
  const priced = units.filter(({ units: many }) => many > 0).map((line) => ({ ...line, usd: usdOf(line) }));
  const services = [...Map.groupBy(priced, ({ service }) => service)]
    .map(([service, lines]) => ({ service, usd: sum(lines), lines: lines.toSorted(dearestFirst) }))
    .sort(dearestFirst);
  return {
    lines: services.flatMap(({ lines }) => lines),
    services: services.map(({ service, usd }) => ({ service, usd })),
    usd: sum(priced),
  };
};

const usdOf = ({ unit, units }: Line): number => {
  const { usd, per } = priceList.prices[unit];
  return (units / per) * usd;
};

const sum = (lines: readonly { readonly usd: number }[]) => lines.reduce((total, { usd }) => total + usd, 0);

const dearestFirst = (a: { readonly usd: number }, b: { readonly usd: number }) => b.usd - a.usd;
