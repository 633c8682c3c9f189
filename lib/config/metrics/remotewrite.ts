import { Refusal } from "../decode.ts";
import { optionsOf } from "./options.ts";
import type { RemoteWriteSettings } from "./settings.ts";
import { type MetricUri, originOf } from "./uri.ts";

/** `prometheus:http://host:9090/api/v1/write?…`: ours, Heapster has no such sink. */
export const remoteWriteOf = (uri: MetricUri): RemoteWriteSettings => {
  const options = optionsOf(uri);
  const clusterName = options.text("cluster_name", "");
  const user = options.text("user", "");
  const password = options.secret("pw", "");
  const token = options.secret("token", "");
  const hasToken = uri.options.has("token");
  if (hasToken && user !== "")
    throw new Refusal(uri.place, `${uri.key}: option token does not go with user: one of them logs in`);
  const settings: RemoteWriteSettings = {
    kind: "prometheus",
    url: `${originOf(uri)}${uri.path === "" || uri.path === "/" ? "/api/v1/write" : uri.path}`,
    prefix: options.text("prefix", "heapster_"),
    ...(clusterName !== "" && { clusterName }),
    ...(user !== "" && { login: { username: user, password } }),
    ...(hasToken && { token }),
    insecureTls: options.boolean("insecuressl", false),
  };
  options.finish();
  return settings;
};
