import type { Job } from "../config/configuration.ts";
import type { Labels } from "../relabel/labels.ts";
import { type Listed, labelsText } from "./render.ts";

/**
 * Final labels as a list carries them to a scraper without rules. Left out is what it sets itself (spec §4.3, steps 3 and
 * 13): `instance` where it is the address, and the histogram options as its own copy of the job has them. Everything else
 * is spelled out, so that its interval, scheme, path and parameters need not be those of our job. A label that rules
 * took away and that a scraper would set again, such as `job`, cannot be taken away in a list.
 */
export const createFinalRenderer = ({
  histograms,
}: Pick<Job, "histograms">): ((labels: Labels) => Listed) => {
  const own = new Map([
    ["__convert_classic_histograms_to_nhcb__", String(histograms.convertClassicHistogramsToNhcb)],
    ["__always_scrape_classic_histograms__", String(histograms.alwaysScrapeClassicHistograms)],
    ["__scrape_native_histograms__", String(histograms.scrapeNativeHistograms)],
  ]);
  return (labels) => {
    const address = labels.get("__address__") ?? "";
    const isOwn = (name: string, value: string) =>
      name === "__address__" || (name === "instance" ? value === address : own.get(name) === value);
    return { address, labels: labelsText(labels, isOwn) };
  };
};
