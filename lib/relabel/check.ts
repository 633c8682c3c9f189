import { type ParsedDuration, parseDuration } from "../config/duration.ts";
import { quoted } from "../config/go-text.ts";
import type { Working } from "./working.ts";

/**
 * Why labels that the rules left cannot become a target, in Prometheus's words and order (spec/prometheus-sd.md §4.3, steps 6
 * to 11). Step 14, every value valid UTF-8, cannot fail here: labels are well-formed texts.
 */
export const finalError = (labels: Pick<Working, "get">): string | undefined => {
  const address = labels.get("__address__");
  if (address === "") return "no address";
  if (address.includes("/")) return `${quoted(address)} is not a valid hostname`;
  return timingError(labels) ?? histogramError(labels);
};

const timingError = (labels: Pick<Working, "get">): string | undefined => {
  const interval = labels.get("__scrape_interval__");
  const timeout = labels.get("__scrape_timeout__");
  const every = durationOf(interval);
  if ("error" in every) return `error parsing scrape interval: ${every.error}`;
  if (every.milliseconds === 0) return "scrape interval cannot be 0";
  const most = durationOf(timeout);
  if ("error" in most) return `error parsing scrape timeout: ${most.error}`;
  if (most.milliseconds === 0) return "scrape timeout cannot be 0";
  if (most.milliseconds <= every.milliseconds) return undefined;
  return `scrape timeout cannot be greater than scrape interval (${quoted(timeout)} > ${quoted(interval)})`;
};

/** All targets of a job have the same few texts. */
const durationOf = (text: string): ParsedDuration => {
  const known = durations.get(text);
  if (known !== undefined) return known;
  const parsed = parseDuration(text);
  if (durations.size >= mostDurations) durations.clear();
  if (text.length <= longestDuration) durations.set(text, parsed);
  return parsed;
};

const durations = new Map<string, ParsedDuration>();
const mostDurations = 256;
const longestDuration = 64;

const histogramLabels = [
  ["__convert_classic_histograms_to_nhcb__", "convert classic histograms to nhcb"],
  ["__always_scrape_classic_histograms__", "always scrape classic histograms"],
  ["__scrape_native_histograms__", "scrape native histograms"],
] as const;

const histogramError = (labels: Pick<Working, "get">): string | undefined => {
  for (const [name, words] of histogramLabels) {
    const value = labels.get(name);
    if (value !== "" && !goBooleans.has(value)) {
      return `error parsing ${words}: strconv.ParseBool: parsing ${quoted(value)}: invalid syntax`;
    }
  }
  return undefined;
};

const goBooleans: ReadonlySet<string> = new Set("1 t T TRUE true True 0 f F FALSE false False".split(" "));
