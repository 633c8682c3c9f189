import { join } from "node:path";
import * as z from "zod";
import { priceList } from "../cli/cost/prices.ts";
import { followModes } from "../lib/config/settings.ts";
import { runProgram } from "../tests/e2e/process.ts";
import type { About, Figure } from "./support/figure.ts";
import { wholeNumber } from "./support/settings.ts";

export const about: About = {
  says: "A fleet through the real functions on the local bus, queue and table: what 1,000 changes ask of AWS, and what the model of `rollcall cost` says.",
  minutes: 3,
};

/**
 * 1 % of its pods change a minute: 10 clusters of 200 pods for 5 minutes on the schedule, then by relays, or
 * `ROLLCALL_BENCH_CLUSTERS` (100), `_PODS` (5000), `_MINUTES`, and `ROLLCALL_BENCH_FOLLOW` for one of both. The largest needs
 * `NODE_OPTIONS=--max-old-space-size=12000`.
 */
export const bench = async (): Promise<Figure[]> => {
  const clusters = wholeNumber("ROLLCALL_BENCH_CLUSTERS", 10);
  const pods = wholeNumber("ROLLCALL_BENCH_PODS", 200);
  const minutes = wholeNumber("ROLLCALL_BENCH_MINUTES", 5);
  const size = { clusters, pods, minutes, changes: Math.ceil(pods / 100) };
  const asked = followModes.filter((mode) => mode === process.env.ROLLCALL_BENCH_FOLLOW);
  const figures: Figure[] = [];
  for (const mode of asked.length > 0 ? asked : (["schedule", "relay"] as const))
    figures.push(...(await one(size, mode)));
  return figures;
};

interface Size {
  readonly clusters: number;
  readonly pods: number;
  readonly minutes: number;
  readonly changes: number;
}

const counted = z.object({
  rows: z.array(z.object({ name: z.string(), measured: z.number(), model: z.number() })),
  filled: z.number(),
  settled: z.number(),
  took: z.number(),
  /** USD, by the model. */
  month: z.number(),
  megabytes: z.number(),
});

/** In a process of its own: functions keep what they were started with. */
const one = async ({ clusters, pods, changes, minutes }: Size, mode: string): Promise<Figure[]> => {
  const script = join(import.meta.dirname, "support", "alone", "fleet.ts");
  const words = [script, ...[clusters, pods, changes, minutes].map(String), mode];
  const text = await runProgram(process.execPath, [...process.execArgv, ...words]);
  const { rows, ...times } = counted.parse(JSON.parse(text.trim().split("\n").at(-1) ?? ""));
  const at = `${clusters} clusters × ${pods} pods, ${mode === "relay" ? "by relays" : "on the schedule"}`;
  return [
    ...perThousand({ rows, changes: clusters * changes * minutes, at }),
    ...rows.flatMap((row) => [absolute(row, at), comparison(row, at)]),
    { name: "a month, by the model", at, unit: "USD", ours: times.month },
    { name: "filling the pool", at, unit: "ms", ours: times.filled },
    { name: "first look at everything", at, unit: "ms", ours: times.settled },
    { name: "a minute's work", at, unit: "ms", ours: times.took / minutes },
    { name: "memory, the clusters and the table included", at, unit: "MB", ours: times.megabytes },
  ];
};

const absolute = ({ name, measured }: Row, at: string): Figure => {
  return { name, at, unit: name.endsWith("bytes") ? "B" : "", ours: measured };
};

type Row = z.infer<typeof counted>["rows"][number];

/** What was counted, whatever the model says. */
const perThousand = ({
  rows,
  changes,
  at,
}: {
  rows: readonly Row[];
  changes: number;
  at: string;
}): Figure[] => {
  const of = (...names: readonly string[]) =>
    (rows.reduce((sum, row) => sum + (names.includes(row.name) ? row.measured : 0), 0) / changes) * 1000;
  const [events, writes] = [of("events of changes"), of("pool, write units", "history, write units")];
  const { prices } = priceList;
  const usd =
    (events * prices.events.usd) / prices.events.per + (writes * prices.writes.usd) / prices.writes.per;
  return [
    { name: "events per 1,000 changes", at, unit: "", ours: events },
    { name: "write units per 1,000 changes, history included", at, unit: "", ours: writes },
    { name: "price of both", at, unit: "USD", ours: usd },
  ];
};

const comparison = ({ name, measured, model }: Row, at: string): Figure => ({
  ...{ name: `${name}: counted by the model's`, at, unit: "", ours: measured / model },
  target: { least: 0.85, most: 1.15, says: "within 15 %" },
});
