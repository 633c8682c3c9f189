import { optionsOf } from "./options.ts";
import type { OpenTsdbSettings } from "./settings.ts";
import { type MetricUri, originOf } from "./uri.ts";

/** `opentsdb:http://host:4242?cluster=…` (spec A9). */
export const opentsdbOf = (uri: MetricUri): OpenTsdbSettings => {
  const options = optionsOf(uri);
  const settings: OpenTsdbSettings = {
    kind: "opentsdb",
    server: uri.host === "" ? "http://localhost:4242" : originOf(uri),
    cluster: options.text("cluster", "k8s-cluster"),
  };
  options.finish();
  return settings;
};
