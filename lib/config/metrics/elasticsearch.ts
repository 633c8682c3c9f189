import { Refusal } from "../decode.ts";
import { optionsOf } from "./options.ts";
import { type ElasticsearchSettings, elasticsearchVersions } from "./settings.ts";
import { type MetricUri, originOf } from "./uri.ts";

/** `elasticsearch:http://host:9200?…`, or `elasticsearch:?nodes=http://host:9200&…` (spec A9). */
export const elasticsearchOf = (uri: MetricUri): ElasticsearchSettings => {
  const options = optionsOf(uri);
  const refuse = (what: string): never => {
    throw new Refusal(uri.place, `${uri.key}: ${what}`);
  };
  const given = options.texts("nodes").map((node) => (URL.canParse(node) ? new URL(node) : undefined));
  const nodes = given.map((node) =>
    node !== undefined && /^https?:$/.test(node.protocol) && node.username === "" && node.password === ""
      ? node.origin
      : refuse("option nodes is http://host:9200 or https://host:9200, without a login, once for each node"),
  );
  const clusterName = options.text("cluster_name", "");
  const user = options.text("esUserName", "");
  const password = options.secret("esUserSecret", "");
  const settings: ElasticsearchSettings = {
    kind: "elasticsearch",
    nodes: nodes.length > 0 ? nodes : [uri.host === "" ? refuse(whose) : originOf(uri)],
    index: options.text("index", "heapster"),
    version: options.choice("ver", "5", elasticsearchVersions),
    pipeline: options.text("pipeline", ""),
    ...(clusterName !== "" && { clusterName }),
    ...(user !== "" && { login: { username: user, password } }),
  };
  for (const name of withoutEffect) options.text(name, "");
  options.finish();
  if (!/^[a-z0-9][a-z0-9._-]{0,199}$/.test(settings.index))
    refuse("option index must be small letters, digits, dots, dashes and underscores");
  return settings;
};

const whose = "it needs a host, such as elasticsearch:http://host:9200, or the option nodes";

/** Of upstream's client, which lives as long as its process. */
const withoutEffect = ["sniff", "healthCheck", "startupHealthcheckTimeout", "maxRetries", "bulkWorkers"];
