/** A parameter of the document; `schema` is JSON Schema. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

const text = { type: "string" };

const of = (place: Parameter["in"]) => {
  return (name: string, description: string, schema: Parameter["schema"] = text): Parameter => ({
    name,
    in: place,
    required: place === "path",
    description,
    schema,
  });
};

const [inPath, inQuery, inHeader] = [of("path"), of("query"), of("header")];
const needed = (parameter: Parameter): Parameter => ({ ...parameter, required: true });

export const job = inPath("job", "the job's name, percent-encoded or, slashes and all, plain");
export const mechanism = inPath("mechanism", "what stands before the slash of a provider's id");
export const id = inPath("id", "what stands behind it");
export const hash = inPath("hash", "as the event's claim says", { ...text, pattern: "^[0-9a-f]{64}$" });
export const file = inPath("file", "its name, as index.html has it");

export const match = inQuery("match[]", 'a selector such as {namespace="shop"}; of several one must select', {
  type: "array",
  items: text,
  maxItems: 32,
});
export const cluster = inQuery("cluster", "only targets of this cluster");
export const shard = inQuery("shard", "the part, from 0; goes with of", { type: "integer", minimum: 0 });
export const parts = inQuery("of", "how many parts, as hashmod on __address__ cuts them", {
  type: "integer",
  minimum: 1,
  maximum: 10_000,
});
const relabel = inQuery("relabel", "final targets, behind the job's relabel_configs", { type: "boolean" });
export const narrowing = [cluster, match, shard, parts, relabel];

const moment = "RFC 3339 or Unix seconds";
export const at = inQuery("at", `the list as it was then: ${moment}; with shard and of alone`);
export const since = inQuery("since", `no earlier: ${moment}`);
export const until = inQuery("until", `no later: ${moment}`);
export const after = inQuery("after", "the ETag that the reader has: answer once the list is another");
export const wait = inQuery("wait", "how long at most, such as 25s; goes with after");

export const state = inQuery("state", "active, dropped, or any other for both");
export const anyState = inQuery("state", "only such", {
  ...text,
  enum: ["any", "active", "dropped", "failed", "duplicate"],
});
export const scrapePool = inQuery("scrapePool", "only this job");
export const neededPool = needed(inQuery("scrapePool", "the job"));
export const labels = needed(inQuery("labels", "the labels, as a JSON object of texts"));
export const onlyJob = inQuery("job", "only this job; all unless given");
export const words = inQuery("q", "words that must be in the source or in a label's value");
export const source = inQuery("source", "only this source");
export const object = needed(
  inQuery("object", 'pod/shop/web-1, an address (10.1.2.3:8080) or labels ({namespace="shop"})'),
);
export const cursor = inQuery("cursor", "where the page before ended");
export const compact = inQuery("compact", "many targets in a tenth of the bytes", { type: "boolean" });
export const limit = (usual: number, most: number): Parameter =>
  inQuery("limit", "entries of a page", { type: "integer", minimum: 1, maximum: most, default: usual });

export const provider = inQuery("provider", "this provider; one of provider, cluster and all is needed");
export const ofCluster = inQuery("cluster", "the providers of this cluster");
export const all = inQuery("all", "every provider", { ...text, enum: ["true"] });

export const ifNoneMatch = inHeader("If-None-Match", "the ETag that the reader has");
export const interval = inHeader(
  "X-Prometheus-Refresh-Interval-Seconds",
  "when the reader asks again, in seconds",
);
export const accept = inHeader("Accept", "with text/html the page is answered");
export const operate = inHeader("X-Rollcall-Operate", "1, needed with a basic login", {
  ...text,
  enum: ["1"],
});

export const metricsOf = inQuery(
  "cluster",
  "whose metrics; unless given the first cluster that one may read",
);
export const from = inQuery("start", "RFC 3339, inclusive; needed for the past");
export const to = inQuery("end", "RFC 3339, inclusive; now unless given");
export const metricLabels = inQuery("labels", "of a labelled metric, exactly: k:v,k2:v2");
export const bucket = inQuery("bucket", "such as 5m (ms, s, m, h, d); one for all unless given");
export const labelSelector = inQuery("labelSelector", "as Kubernetes has it");
export const verbose = inQuery("verbose", "each check", { ...text, enum: [""] });

/** What paths of the model name. */
export const ofModel: Readonly<Record<string, Parameter>> = {
  node: inPath("node", "the node's name; in lists its host name"),
  namespace: inPath("namespace", "the namespace"),
  pod: inPath("pod", "the pod"),
  container: inPath("container", "the container"),
  pods: inPath("pods", "names of pods, with commas between"),
  uid: inPath("uid", "the pod's UID"),
  uids: inPath("uids", "UIDs of pods, with commas between"),
  metric: inPath("metric", "the metric; its slashes may be plain"),
  aggregations: inPath(
    "aggregations",
    "some of average, max, min, median, count, 50-perc, 95-perc, 99-perc, with commas between",
  ),
};

export const inPathOf = (path: string): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name = ""]) => ofModel[name] ?? []);

/** Of what is asked; none of them: of the whole cluster. */
export const usedBy: readonly Parameter[] = [
  inQuery("namespace", "this namespace"),
  inQuery("pod", "this pod of the namespace"),
  inQuery("container", "this container of the pod"),
  inQuery("node", "this node, without the others"),
];
export const sort = (keys: readonly string[]): Parameter =>
  inQuery("sort", "what there is the most of comes first", { ...text, enum: keys, default: keys[0] });
