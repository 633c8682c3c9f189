import { Refusal } from "../decode.ts";
import { joined } from "../paths.ts";
import { type Options, optionsOf } from "./options.ts";
import { nodePlaces, type SourceCluster, type SourceSettings, sourceKinds } from "./settings.ts";
import type { MetricUri } from "./uri.ts";

/** An entry of `metrics.sources` (spec A1 *Kubernetes connection options*); `folder` is that of the settings file. */
export const sourceOf = (uri: MetricUri, folder: string): SourceSettings => {
  const kind = sourceKinds.find((one) => one === uri.key);
  if (kind === undefined) {
    throw new Refusal(
      uri.place,
      `source ${JSON.stringify(uri.key)} is not known; there are ${sourceKinds.join(", ")}`,
    );
  }
  const options = optionsOf(uri);
  const insecure = options.boolean("insecure", false);
  const source: SourceSettings = {
    kind,
    cluster: clusterOf(uri, options, { folder, insecure }),
    kubelet: {
      port: options.integer("kubeletPort", 10_255, [1, 65_535]),
      https: options.boolean("kubeletHttps", false),
      insecure,
      proxy: options.boolean("kubeletProxy", false),
    },
    nodesFrom: options.choice("nodes", "list", nodePlaces),
    hostIdAnnotation: kind === "kubernetes.summary_api" ? options.text("host_id_annotation", "") : "",
  };
  options.finish();
  return source;
};

const clusterOf = (
  uri: MetricUri,
  options: Options,
  { folder, insecure }: { folder: string; insecure: boolean },
): SourceCluster => {
  const inCluster = options.boolean("inClusterConfig", true);
  const auth = options.text("auth", "");
  const serviceAccount = options.boolean("useServiceAccount", false);
  const glob = options.text("cluster", "");
  const server = serverOf(uri);
  const refuse = (what: string): never => {
    throw new Refusal(uri.place, `${uri.key}: ${what}`);
  };
  if (glob !== "" && (server !== undefined || !inCluster))
    refuse(
      "option cluster chooses among the settings' clusters: it goes with neither a host nor inClusterConfig=false",
    );
  if (auth !== "" && inCluster) refuse("option auth needs inClusterConfig=false");
  if (auth !== "") return { kind: "kubeconfig", file: joined(folder, auth), ...(server && { server }) };
  if (inCluster)
    return server === undefined ? { kind: "settings", glob: glob || "*" } : { kind: "server", server };
  if (server === undefined) return refuse("invalid kubernetes master url specified");
  return { kind: "bare", server, serviceAccount, insecure };
};

const serverOf = ({ scheme, host, key, place }: MetricUri): string | undefined => {
  if (host === "") return undefined;
  if (scheme === "http" || scheme === "https") return `${scheme}://${host}`;
  throw new Refusal(place, `${key}: the API server's URL begins with http:// or https://`);
};
