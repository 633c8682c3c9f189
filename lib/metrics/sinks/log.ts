import { type DataBatch, type Labels, type MetricSet, type MetricValue, noTime } from "../batch.ts";
import type { Sink } from "../sink.ts";

/** Every batch as text for people (spec A9 `log`), sorted throughout; `write` gets a whole batch at once. */
export const createLogSink = (
  name: string,
  write: (text: string) => void = (text) => process.stderr.write(text),
): Sink => ({
  name,
  export: async (batch) => write(textOf(batch)),
});

const textOf = ({ cluster, timestamp, sets }: DataBatch): string => {
  const head = `batch of ${cluster} at ${new Date(timestamp).toISOString()}: ${sets.size} sets`;
  return `${[head, ...sorted(sets).flatMap(([key, set]) => [key, ...linesOf(set)])].join("\n")}\n`;
};

const linesOf = (set: MetricSet): string[] => [
  `  collection start ${timeText(set.collectionStart)}, created ${timeText(set.entityCreated)}, scraped ${timeText(set.scraped)}`,
  `  labels ${labelsText(set.labels)}`,
  ...sorted(set.values).map(([metric, value]) => `    ${metric} = ${valueText(value)}`),
  ...set.labeled
    .map((metric) => `    ${metric.name} ${labelsText(metric.labels)} = ${valueText(metric)}`)
    .sort(),
];

const sorted = <T>(entries: Iterable<readonly [string, T]>) =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

const labelsText = (labels: Readonly<Labels>) =>
  `{${sorted(Object.entries(labels))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")}}`;

const valueText = ({ type, value }: MetricValue) => `${value} (${type})`;

/** With all nine digits of the second. */
const timeText = (time: bigint): string => {
  if (time === noTime) return "unknown";
  const seconds = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(time % 1_000_000_000n).padStart(9, "0")}Z`;
};
