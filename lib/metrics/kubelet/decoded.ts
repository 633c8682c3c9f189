import { optionalRecord, text } from "../../discovery/kubernetes/objects/decode.ts";
import { cumulative, gauge, type MetricSet, noTime } from "../batch.ts";
import { parseTime } from "../time.ts";
import { optionalInt64 } from "./json.ts";

/** What both of a kubelet's answers are decoded with. An absent field leaves no trace. */
export const addGauge = (set: MetricSet, name: string, value: bigint | undefined): void => {
  if (value !== undefined) set.values.set(name, gauge(value));
};

export const addCounter = (set: MetricSet, name: string, value: bigint | undefined): void => {
  if (value !== undefined) set.values.set(name, cumulative(value));
};

export const addLabeled = (
  set: MetricSet,
  name: string,
  { value, labels }: { value: bigint | undefined; labels: Readonly<Record<string, string>> },
): void => {
  if (value !== undefined) set.labeled.push({ name, labels, ...gauge(value) });
};

/** Milliseconds since the entity began, by our own clock. */
export const addUptime = (set: MetricSet, now: bigint): void => {
  if (set.collectionStart !== noTime) addCounter(set, "uptime", (now - set.collectionStart) / 1_000_000n);
};

/** Unix nanoseconds; `noTime` when it is absent. Throws `field: expected …, got …`. */
export const timeOf = (value: unknown, field: string, below?: string): bigint => {
  const place = () => (below === undefined ? field : `${field}.${below}`);
  const written = typeof value === "string" ? value : text(value, place());
  const time = written === "" ? noTime : parseTime(written);
  if (time !== undefined) return time;
  throw new Error(`${place()}: expected a time, got ${JSON.stringify(written.slice(0, 40))}`);
};

/** A part of an answer that may be absent, and its numbers by name. */
export const partOf = (value: unknown, field: string) => {
  const found = optionalRecord(value, field);
  if (found === undefined) return undefined;
  return {
    int: (name: string) => optionalInt64(found[name], field, name),
    time: () => timeOf(found.time, field, "time"),
  };
};

export type Part = NonNullable<ReturnType<typeof partOf>>;
