import { Refusal } from "../decode.ts";
import { optionsOf } from "./options.ts";
import type { InfluxSettings } from "./settings.ts";
import type { MetricUri } from "./uri.ts";

/** `influxdb:…` (spec A8). The URI's own scheme is ignored: `secure` alone chooses https. */
export const influxdbOf = (uri: MetricUri): InfluxSettings => {
  const options = optionsOf(uri);
  const clusterName = options.text("cluster_name", "");
  const settings: InfluxSettings = {
    kind: "influxdb",
    server: `${options.boolean("secure", false) ? "https" : "http"}://${uri.host || "localhost:8086"}`,
    user: options.text("user", "root"),
    password: options.secret("pw", "root"),
    database: options.text("db", "k8s"),
    retention: options.text("retention", "0"),
    withFields: options.boolean("withfields", false),
    insecureTls: options.boolean("insecuressl", false),
    ...(clusterName !== "" && { clusterName }),
    withoutCounters: options.boolean("disable_counter_metrics", false),
    concurrency: options.integer("concurrency", 1, [1, 64]),
  };
  options.finish();
  if (!/^(0|INF|([0-9]+(ns|u|\u00b5|ms|s|m|h|d|w))+)$/i.test(settings.retention))
    throw new Refusal(
      uri.place,
      `${uri.key}: option retention must be a duration such as 30d or 12h, or 0 to keep everything`,
    );
  if (settings.database === "") throw new Refusal(uri.place, `${uri.key}: option db must not be empty`);
  return settings;
};
