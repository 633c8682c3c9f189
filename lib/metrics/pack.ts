import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type DataBatch, type Labels, type MetricSet, type MetricType, noTime } from "./batch.ts";
import { nanoseconds } from "./time.ts";

/**
 * A batch, or a part of one, as compressed JSON for the table. Texts and the shapes of sets are written once: nearly all sets of a
 * batch have one of a dozen shapes (which labels, which metrics), so that a set is little more than its numbers.
 */
export const packBatch = (batch: DataBatch): Uint8Array =>
  deflateRawSync(JSON.stringify(encode(batch)), { level: 3 });

/** Throws when the bytes are no batch of this version. */
export const unpackBatch = (bytes: Uint8Array): DataBatch => {
  try {
    return decode(JSON.parse(inflateRawSync(bytes, { maxOutputLength: largest }).toString()));
  } catch (cause) {
    throw new Error("a batch of metrics in the table cannot be read", { cause });
  }
};

const version = 1;
/** A hundred times what 1000 nodes come to. */
const largest = 512 * 1024 * 1024;

/** A whole number beyond 53 bits, and a double that JSON has no word for, is a text. */
type Figure = number | string;

interface Packed {
  readonly version: number;
  readonly cluster: string;
  readonly timestamp: number;
  /** Texts that come again: names and values of labels. */
  readonly texts: readonly string[];
  readonly metrics: readonly Metric[];
  readonly shapes: readonly Shape[];
  readonly sets: readonly PackedSet[];
}

type Metric = readonly [name: string, type: MetricType, isInteger: 0 | 1];

/** The texts of a set's label names, and the metrics of its values. */
type Shape = readonly [labels: readonly number[], metrics: readonly number[]];

type PackedSet = readonly [
  key: string,
  /** Nanoseconds after the batch's timestamp, mostly negative; null for no time. */
  times: readonly [collectionStart: Figure | null, entityCreated: Figure | null, scraped: Figure | null],
  shape: number,
  /** The texts of the labels' values, in the shape's order. */
  labels: readonly number[],
  values: readonly Figure[],
  labeled: readonly PackedLabeled[],
];

type PackedLabeled = readonly [
  metric: number,
  value: Figure,
  labels: readonly number[],
  labelValues: readonly number[],
];

const encode = (batch: DataBatch): Packed => {
  const texts = dictionary((text: string) => text);
  const metrics = dictionary((metric: Metric) => metric.join(" "));
  const shapes = dictionary((shape: Shape) => shape.join(" "));
  const metricOf = (name: string, type: MetricType, value: bigint | number) =>
    metrics.at([name, type, typeof value === "bigint" ? 1 : 0]);
  const since = nanoseconds(batch.timestamp);
  const timeOf = (time: bigint) => (time === noTime ? null : figureOf(time - since));
  const packed = (key: string, set: MetricSet): PackedSet => {
    const names = Object.keys(set.labels).map(texts.at);
    const columns = [...set.values].map(([name, { type, value }]) => metricOf(name, type, value));
    return [
      key,
      [timeOf(set.collectionStart), timeOf(set.entityCreated), timeOf(set.scraped)],
      shapes.at([names, columns]),
      Object.values(set.labels).map(texts.at),
      [...set.values.values()].map(({ value }) => figureOf(value)),
      set.labeled.map(
        ({ name, type, value, labels }): PackedLabeled => [
          metricOf(name, type, value),
          figureOf(value),
          Object.keys(labels).map(texts.at),
          Object.values(labels).map(texts.at),
        ],
      ),
    ];
  };
  const sets = [...batch.sets].map(([key, set]) => packed(key, set));
  const { cluster, timestamp } = batch;
  return { version, cluster, timestamp, texts: texts.all, metrics: metrics.all, shapes: shapes.all, sets };
};

const decode = (packed: Packed): DataBatch => {
  if (packed.version !== version)
    throw new Error(`version ${packed.version}, this program reads version ${version}`);
  const since = nanoseconds(packed.timestamp);
  const timeOf = (time: Figure | null) => (time === null ? noTime : BigInt(time) + since);
  const text = (at: number) => entryOf(packed.texts, at);
  const measured = (at: number, figure: Figure) => {
    const [name, type, isInteger] = entryOf(packed.metrics, at);
    return { name, type, value: isInteger === 1 ? BigInt(figure) : Number(figure) };
  };
  const unpacked = ([, times, shape, labels, values, labeled]: PackedSet): MetricSet => {
    const [names, columns] = entryOf(packed.shapes, shape);
    return {
      collectionStart: timeOf(times[0]),
      entityCreated: timeOf(times[1]),
      scraped: timeOf(times[2]),
      labels: labelsOf(names.map(text), labels.map(text)),
      values: new Map(
        columns.map((column, at) => {
          const { name, type, value } = measured(column, entryOf(values, at));
          return [name, { type, value }];
        }),
      ),
      labeled: labeled.map(([metric, figure, names, values]) => ({
        ...measured(metric, figure),
        labels: labelsOf(names.map(text), values.map(text)),
      })),
    };
  };
  const { cluster, timestamp } = packed;
  return { cluster, timestamp, sets: new Map(packed.sets.map((set) => [set[0], unpacked(set)])) };
};

const figureOf = (value: bigint | number): Figure => {
  const number = Number(value);
  const exact = typeof value === "number" ? Number.isFinite(value) : Number.isSafeInteger(number);
  return exact ? number : String(value);
};

const labelsOf = (names: readonly string[], values: readonly string[]): Labels =>
  Object.fromEntries(names.map((name, at) => [name, entryOf(values, at)]));

const entryOf = <T>(list: readonly T[], at: number): T => {
  const found = list[at];
  if (found === undefined) throw new Error(`there is no entry ${at} among ${list.length}`);
  return found;
};

/** Entries numbered in the order of their first use. */
const dictionary = <T>(identity: (entry: T) => string) => {
  const numbers = new Map<string, number>();
  const all: T[] = [];
  return {
    all,
    at: (entry: T): number => {
      const id = identity(entry);
      const known = numbers.get(id);
      if (known !== undefined) return known;
      numbers.set(id, all.length);
      return all.push(entry) - 1;
    },
  };
};
