import { promisify } from "node:util";
import zlib from "node:zlib";
import { type DataBatch, type MetricSet, type MetricType, type MetricValue, noTime } from "./batch.ts";
import { labeledIn, type Part, timesIn, valuesIn, whole } from "./part.ts";
import { nanoseconds } from "./time.ts";

/**
 * A batch, or a part of one, for the table: lines of JSON, compressed; `unpack.ts` reads them. The first line has the texts and shapes that
 * come again: nearly all sets have one of a few dozen shapes (which labels, which metrics, which disks), so that a set's line is its key and its
 * numbers. A line of its own lets a reader of one set leave all others unread.
 */
export const packBatch = (batch: DataBatch, part?: Part): Promise<Uint8Array> =>
  packSets(batch, batch.sets, part);

export const packSets = (
  { cluster, timestamp }: Pick<DataBatch, "cluster" | "timestamp">,
  sets: Iterable<readonly [string, MetricSet]>,
  part = whole,
): Promise<Uint8Array> => {
  const tables = createTables();
  const since = nanoseconds(timestamp);
  const lines: string[] = [];
  for (const [key, set] of sets) {
    const line = lineOf(key, set, { tables, since, part });
    if (line !== undefined) lines.push(line);
  }
  const { texts, metrics, shapes } = tables;
  const head: Head = { version, cluster, timestamp, texts: texts.all, metrics, shapes };
  return deflate(`${JSON.stringify(head)}\n${lines.join("\n")}`, { level: 3 });
};

/** In the pool of threads, so that the next lines are written meanwhile. */
const deflate = promisify<string, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);

export const version = 2;

/** A whole number beyond 53 bits, and a double that JSON has no word for, is a text. */
export type Figure = number | string;

/** The first line. */
export interface Head {
  readonly version: number;
  readonly cluster: string;
  readonly timestamp: number;
  /** Names and values of labels. */
  readonly texts: readonly string[];
  readonly metrics: readonly (readonly [name: string, type: MetricType, isInteger: 0 | 1])[];
  readonly shapes: readonly Shape[];
}

/** Numbers of texts and metrics: the set's label names, its values, its labeled metrics with their labels. */
export type Shape = readonly [
  labels: readonly number[],
  metrics: readonly number[],
  labeled: readonly (readonly [metric: number, names: readonly number[], values: readonly number[]])[],
];

/** Before a line's tabulator: the key, the shape, the texts of the labels' values. */
export type Identity = readonly [key: string, shape: number, ...labels: number[]];
/** Behind it: three times, nanoseconds after the batch's timestamp (null for none), then all values in the shape's order. */
export type Figures = readonly [
  collectionStart: Figure | null,
  entityCreated: Figure | null,
  scraped: Figure | null,
  ...values: Figure[],
];

interface Work {
  readonly tables: Tables;
  readonly since: bigint;
  readonly part: Part;
}

const lineOf = (key: string, set: MetricSet, { tables, since, part }: Work): string | undefined => {
  const { texts, metricOf, instanceOf } = tables;
  // What the shape is known by; the shape itself is made once.
  let [shape, identity, figures] = ["", "", ""];
  for (const name of part.labels ? Object.keys(set.labels) : []) {
    shape += `${texts.at(name)},`;
    identity += `,${texts.at(set.labels[name] ?? "")}`;
  }
  shape += "|";
  for (const [name, value] of valuesIn(set, part)) {
    shape += `${metricOf(name, value)},`;
    figures += `,${figureOf(value.value)}`;
  }
  shape += "|";
  for (const metric of labeledIn(set, part)) {
    shape += `${metricOf(metric.name, metric)},${instanceOf(metric.labels)},`;
    figures += `,${figureOf(metric.value)}`;
  }
  if (part.names !== undefined && figures === "") return undefined;
  const { collectionStart, entityCreated, scraped } = timesIn(set, part);
  const timeOf = (time: bigint) => (time === noTime ? "null" : figureOf(time - since));
  const times = `${timeOf(collectionStart)},${timeOf(entityCreated)},${timeOf(scraped)}`;
  return `[${JSON.stringify(key)},${tables.shapeOf(shape)}${identity}]\t[${times}${figures}]`;
};

const figureOf = (value: bigint | number): string => {
  if (typeof value === "bigint")
    return value <= mostExact && value >= -mostExact ? value.toString() : `"${value}"`;
  return Number.isFinite(value) ? String(value) : `"${value}"`;
};

const mostExact = BigInt(Number.MAX_SAFE_INTEGER);

type Tables = ReturnType<typeof createTables>;

const createTables = () => {
  const texts = dictionary();
  const metrics: Head["metrics"][number][] = [];
  const numbers = new Map<string, number[]>();
  const shapes: Shape[] = [];
  const known = new Map<string, number>();
  const instances = createInstances(texts);
  return {
    texts,
    metrics,
    shapes,
    instanceOf: instances.numberOf,
    metricOf: (name: string, { type, value }: MetricValue): number => {
      const isInteger = typeof value === "bigint" ? 1 : 0;
      const own = numbers.get(name) ?? [];
      if (own.length === 0) numbers.set(name, own);
      const at = kinds[type] + isInteger;
      own[at] ??= metrics.push([name, type, isInteger]) - 1;
      return own[at];
    },
    /** `id` has the numbers of label names, of metrics, and of labeled metrics with their labels. */
    shapeOf: (id: string): number => {
      const found = known.get(id);
      if (found !== undefined) return found;
      const [names = [], columns = [], several = []] = id.split("|").map(numbersIn);
      const labeled = several.flatMap((metric, at): Shape[2][number][] =>
        at % 2 === 0 ? [[metric, ...instances.at(several[at + 1] ?? 0)]] : [],
      );
      known.set(id, shapes.length);
      return shapes.push([names, columns, labeled]) - 1;
    },
  };
};

const numbersIn = (text: string): number[] => text.split(",").slice(0, -1).map(Number);

type Instance = readonly [names: readonly number[], values: readonly number[]];

/** Labels of labeled metrics, numbered; those that are one object for many metrics are looked at once. */
const createInstances = (texts: ReturnType<typeof dictionary>) => {
  const all: Instance[] = [];
  const byObject = new Map<object, number>();
  const byContent = new Map<string, number>();
  return {
    at: (number: number): Instance => all[number] ?? [[], []],
    numberOf: (labels: Readonly<Record<string, string>>): number => {
      const known = byObject.get(labels);
      if (known !== undefined) return known;
      const instance: Instance = [Object.keys(labels).map(texts.at), Object.values(labels).map(texts.at)];
      const id = instance.join("|");
      const number = byContent.get(id) ?? all.push(instance) - 1;
      byContent.set(id, number);
      byObject.set(labels, number);
      return number;
    },
  };
};

const kinds: Readonly<Record<MetricType, number>> = { gauge: 0, cumulative: 2, delta: 4 };

/** Texts numbered in the order of their first use. */
const dictionary = () => {
  const numbers = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    at: (text: string): number => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, all.length);
      return all.push(text) - 1;
    },
  };
};
