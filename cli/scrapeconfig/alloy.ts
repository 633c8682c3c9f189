import type { Job } from "../../lib/config/configuration.ts";
import { durationText } from "../../lib/config/duration.ts";
import { clientItems, isClientKey } from "./alloy-client.ts";
import {
  alloyText,
  attribute,
  bare,
  block,
  type Item,
  listOf,
  text,
  textLists,
  texts,
} from "./alloy-syntax.ts";
import { listUrl, type Source } from "./jobs.ts";
import { isList, isMap, isScalar, type TreeMap, textOf } from "./tree.ts";

/**
 * The jobs of a file as Alloy's components: a list, the job's rules, the scrape, and rules for metrics. Whither the samples go
 * is the reader's to say: a component `prometheus.remote_write "default"` is named.
 */
export const forAlloy = (
  jobs: readonly TreeMap[],
  known: readonly Job[],
  source: Source,
): { readonly text: string; readonly notes: readonly string[] } => {
  const notes: string[] = [];
  const taken = new Set<string>();
  const items = jobs.flatMap((tree) => {
    const job = known.find(({ name }) => name === textOf(tree, "job_name"));
    if (job === undefined) return [];
    const gone = [...tree.keys()].filter((key) => !isKnown(key));
    if (gone.length > 0) notes.push(`job ${job.name}: prometheus.scrape has no ${gone.join(", ")}; left out`);
    return components({ tree, job, label: labelFor(job.name, taken), source });
  });
  notes.push('declare a prometheus.remote_write "default", or put another receiver into forward_to');
  return { text: alloyText(items), notes };
};

/** An identifier that no other job has. */
const labelFor = (name: string, taken: Set<string>): string => {
  const plain = name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=[0-9])/, "_") || "_";
  let label = plain;
  for (let number = 2; taken.has(label); number += 1) label = `${plain}_${number}`;
  taken.add(label);
  return label;
};

interface Component {
  readonly tree: TreeMap;
  readonly job: Job;
  readonly label: string;
  readonly source: Source;
}

const components = ({ tree, job, label, source }: Component): Item[] => {
  const rules = source.isRelabelled ? [] : [...defaultRules(job, tree), ...rulesIn(tree, "relabel_configs")];
  const metricRules = rulesIn(tree, "metric_relabel_configs");
  const receiver = "prometheus.remote_write.default.receiver";
  const found = `discovery.http.${label}.targets`;
  const scrape = [
    attribute("targets", rules.length === 0 ? found : `discovery.relabel.${label}.output`),
    attribute(
      "forward_to",
      `[${metricRules.length === 0 ? receiver : `prometheus.relabel.${label}.receiver`}]`,
    ),
    ...scrapeItems(tree, job),
    ...clientItems(tree),
  ];
  return [
    block("discovery.http", discoveryItems(job, source), label),
    ...(rules.length === 0
      ? []
      : [block("discovery.relabel", [attribute("targets", found), ...rules], label)]),
    block("prometheus.scrape", scrape, label),
    ...(metricRules.length === 0
      ? []
      : [block("prometheus.relabel", [attribute("forward_to", `[${receiver}]`), ...metricRules], label)]),
  ];
};

const discoveryItems = (job: Job, source: Source): Item[] => [
  attribute("url", text(listUrl(source, job.name))),
  ...(source.refreshInterval === undefined
    ? []
    : [attribute("refresh_interval", text(source.refreshInterval))]),
  ...(source.tokenFile === undefined
    ? []
    : [
        block("authorization", [
          attribute("type", text("Bearer")),
          attribute("credentials_file", text(source.tokenFile)),
        ]),
      ]),
];

const scalars: readonly string[] = [
  "honor_labels",
  "honor_timestamps",
  "track_timestamps_staleness",
  "enable_compression",
  "sample_limit",
  "target_limit",
  "label_limit",
  "label_name_length_limit",
  "label_value_length_limit",
];
const renamed: Readonly<Record<string, string>> = {
  fallback_scrape_protocol: "scrape_fallback_protocol",
  always_scrape_classic_histograms: "scrape_classic_histograms",
};
const others = [
  "scrape_native_histograms",
  "convert_classic_histograms_to_nhcb",
  "body_size_limit",
  "scrape_protocols",
];
const handled = ["job_name", "scrape_interval", "scrape_timeout", "metrics_path", "scheme", "params"];
const rulesKeys = ["relabel_configs", "metric_relabel_configs", "static_configs"];

const isKnown = (key: string) =>
  isClientKey(key) ||
  key.endsWith("_sd_configs") ||
  [...scalars, ...Object.keys(renamed), ...others, ...handled, ...rulesKeys].includes(key);

/** What a job inherits is written out: Alloy has no global section. */
const scrapeItems = (tree: TreeMap, job: Job): Item[] => {
  const params = tree.get("params");
  const protocols = tree.get("scrape_protocols");
  const plain = [...scalars, ...Object.keys(renamed), ...others].flatMap((key): Item[] => {
    const value = tree.get(key);
    return isScalar(value) ? [attribute(renamed[key] ?? key, bare(value))] : [];
  });
  return [
    attribute("job_name", text(job.name)),
    attribute("scrape_interval", text(durationText(job.scrapeInterval))),
    attribute("scrape_timeout", text(durationText(job.scrapeTimeout))),
    attribute("metrics_path", text(job.metricsPath)),
    attribute("scheme", text(job.scheme)),
    ...(isMap(params) ? [attribute("params", textLists(params))] : []),
    ...(isList(protocols)
      ? [attribute("scrape_protocols", texts(listOf(protocols).map((one) => one.text)))]
      : []),
    ...plain,
  ];
};

const rulesIn = (tree: TreeMap, key: string): Item[] => {
  const rules = tree.get(key);
  return isList(rules) ? rules.filter(isMap).map((rule) => block("rule", ruleItems(rule))) : [];
};

const ruleItems = (rule: TreeMap): Item[] =>
  [...rule].map(([key, value]) => {
    if (!isScalar(value)) return attribute(key, texts(listOf(value).map((one) => one.text)));
    if (key === "modulus") return attribute(key, bare(value));
    return attribute(key, text(key === "action" ? value.text.toLowerCase() : value.text));
  });

/**
 * Prometheus runs the rules with the job's defaults in place, Alloy without: those that a rule reads are set before, where
 * nothing is set already.
 */
const defaultRules = (job: Job, tree: TreeMap): Item[] => {
  const read = new Set(job.relabelConfigs.flatMap(({ sourceLabels }) => sourceLabels));
  const defaults: readonly (readonly [string, string])[] = [
    ["job", job.name],
    ["__scheme__", job.scheme],
    ["__metrics_path__", job.metricsPath],
    ["__scrape_interval__", durationText(job.scrapeInterval)],
    ["__scrape_timeout__", durationText(job.scrapeTimeout)],
    ...Object.entries(tree.has("params") ? job.params : {}).map(([name, values]): [string, string] => [
      `__param_${name}`,
      values[0] ?? "",
    ]),
  ];
  return defaults
    .filter(([name]) => read.has(name))
    .map(([name, value]) =>
      block("rule", [
        attribute("source_labels", texts([name])),
        attribute("regex", text("")),
        attribute("target_label", text(name)),
        attribute("replacement", text(value.replaceAll("$", "$$$$"))),
      ]),
    );
};
