import { type Json, list, optionalBoolean, record, text } from "../../discovery/kubernetes/objects/decode.ts";
import type { MetricSet } from "../batch.ts";
import { customMetric } from "../catalogue.ts";
import { label } from "../labels.ts";
import { addLabeled, timeOf } from "./decoded.ts";
import { double, int64 } from "./json.ts";

/** What cAdvisor has several of per container (spec A2.1): filesystems, accelerators. */
export const addFilesystems = (set: MetricSet, spec: Json, stats: Json): void => {
  const filesystems = hasOf(spec, "has_filesystem") ? stats.filesystem : undefined;
  each(filesystems, "stats[].filesystem", ({ item, int, word }) => {
    const labels = { [label.resourceId]: word("device") };
    addLabeled(set, "filesystem/usage", { labels, value: int("usage") });
    addLabeled(set, "filesystem/limit", { labels, value: int("capacity") });
    addLabeled(set, "filesystem/available", { labels, value: int("available") });
    if (!hasOf(item, "has_inodes")) return;
    addLabeled(set, "filesystem/inodes", { labels, value: int("inodes") });
    addLabeled(set, "filesystem/inodes_free", { labels, value: int("inodes_free") });
  });
  each(stats.accelerators, "stats[].accelerators", ({ int, word }) => {
    const labels = {
      [label.make]: word("make"),
      [label.model]: word("model"),
      [label.acceleratorId]: word("id"),
    };
    addLabeled(set, "accelerator/memory_total", { labels, value: int("memory_total") });
    addLabeled(set, "accelerator/memory_used", { labels, value: int("memory_used") });
    addLabeled(set, "accelerator/duty_cycle", { labels, value: int("duty_cycle") });
  });
};

/** Counts that only grow, which upstream calls gauges all the same. */
export const addDisks = (set: MetricSet, spec: Json, stats: Json): void => {
  if (!hasOf(spec, "has_diskio")) return;
  const diskio = record(stats.diskio, "stats[].diskio");
  each(diskio.io_service_bytes, "stats[].diskio.io_service_bytes", ({ item, int, word }) => {
    const device = word("device") || `${int("major")}:${int("minor")}`;
    const counts = record(item.stats, "stats[].diskio.io_service_bytes[].stats");
    const labels = { [label.resourceId]: device };
    for (const way of ["Read", "Write"]) {
      const value = int64(counts[way], `stats[].diskio.io_service_bytes[].stats.${way}`);
      addLabeled(set, `disk/io_${way.toLowerCase()}_bytes`, { labels, value });
    }
  });
};

/** The newest sample of each metric that the container declares. */
export const addCustom = (set: MetricSet, spec: Json, stats: Json): void => {
  if (!hasOf(spec, "has_custom_metrics")) return;
  const samples = record(stats.custom_metrics, "stats[].custom_metrics");
  each(spec.custom_metrics, "spec.custom_metrics", ({ word }) => {
    const [name, type, format] = [word("name"), word("type"), word("format")];
    if ((type !== "gauge" && type !== "cumulative") || (format !== "int" && format !== "float")) return;
    const sample = newest(Object.hasOwn(samples, name) ? samples[name] : undefined);
    if (sample === undefined) return;
    const place = "stats[].custom_metrics[]";
    const value =
      format === "int"
        ? int64(sample.int_value, `${place}.int_value`)
        : double(sample.float_value ?? 0, `${place}.float_value`);
    set.values.set(customMetric(name), { type, value });
  });
};

const newest = (value: unknown): Json | undefined => {
  const samples = list(value, "stats[].custom_metrics[]", (one) => record(one, "stats[].custom_metrics[]"));
  const time = (sample: Json) => timeOf(sample.timestamp, "stats[].custom_metrics[].timestamp");
  return samples.reduce<Json | undefined>(
    (held, sample) => (held === undefined || time(sample) > time(held) ? sample : held),
    undefined,
  );
};

const hasOf = (from: Json, what: string): boolean => optionalBoolean(from[what], what) === true;

interface Item {
  readonly item: Json;
  readonly int: (field: string) => bigint;
  readonly word: (field: string) => string;
}

const each = (value: unknown, place: string, visit: (item: Item) => void): void => {
  list(value, place, (one) => {
    const item = record(one, `${place}[]`);
    visit({
      item,
      int: (field) => int64(item[field], `${place}[].${field}`),
      word: (field) => text(item[field], `${place}[].${field}`),
    });
  });
};
