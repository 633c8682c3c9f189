import { compactTargets as compacted } from "../../../lib/scrapepool/compact.ts";
import type { Question, Reply } from "./server.ts";
import { usageFor } from "./usageworld.ts";

/** A made-up fleet with every kind of trouble, the same each time. */
export interface FixedWorld {
  readonly targets: number;
  /** Put into the first target's discovered labels. */
  readonly hostile?: Readonly<Record<string, string>>;
}

/** Answers the API as the server documents it (design §3.4), for one job `pods` of so many targets and a few others. */
export const answerFor = ({ targets, hostile = {} }: FixedWorld) => {
  // What has changed stays as it was told first.
  const began = Date.now();
  return (question: Question): Reply | undefined => {
    const { path, query, method } = question;
    if (path.endsWith("/guard/release") && method === "POST") return { data: {} };
    if (path === "api/v1/providers") return { data: providersData(targets) };
    if (path === "api/v1/search") return search({ targets, hostile }, query);
    if (path === "api/v1/targets/relabel_steps")
      return { data: { steps: steps(JSON.parse(query.get("labels") ?? "{}")) } };
    if (path === "api/v1/explain") return { data: { answers: answers(query.get("object") ?? "") } };
    if (path === "api/v1/usage") return usageFor(question);
    if (path === "api/v1/changes") return { data: { changes: changes(began, query) } };
    return undefined;
  };
};

const search = ({ targets, hostile = {} }: FixedWorld, query: URLSearchParams): Reply => {
  const selector = query.get("match[]") ?? "";
  const wanted = /namespace="([^"]*)"/.exec(selector)?.[1];
  if (/=~"\[/.test(selector))
    return { status: 400, error: "match[]: namespace=~ has a pattern that is none: missing closing ]" };
  const limit = Number(query.get("limit") ?? 100);
  const from = Number(query.get("cursor") ?? 0);
  const numbers = Array.from({ length: query.get("job") === "pods" ? targets : 40 }, (_, index) => index);
  const fitting = wanted === undefined ? numbers : numbers.filter((index) => namespaceOf(index) === wanted);
  const end = Math.min(fitting.length, from + limit);
  const page = fitting.slice(from, end).map((index) => target(index, index === 0 ? hostile : {}));
  const dropped =
    query.get("job") === "nodes"
      ? 0
      : fitting.filter(isDropped).length - (query.get("job") === "swarm" ? 7 : 0);
  const counts = { active: fitting.length - dropped, dropped, failed: 0 };
  const shown = query.get("compact") === "true" ? compactTargets(page) : { targets: page };
  return { data: { ...shown, counts, cursor: end < fitting.length ? String(end) : null }, tag: "1" };
};

const compactTargets = (page: readonly ReturnType<typeof target>[]) =>
  compacted(
    page.map((one) => ({
      ...one,
      discoveredLabels: Object.entries(one.discoveredLabels),
      labels: Object.entries(one.labels),
    })),
  );

const namespaces = ["shop", "billing", "search", "kube-system", "monitoring"];
const namespaceOf = (index: number) => namespaces[index % namespaces.length] ?? "";
const isDropped = (index: number) => index % 4 === 3;

const target = (index: number, more: Readonly<Record<string, string>>) => {
  const name = `${["api", "cart", "worker", "web"][index % 4]}-${index}`;
  const namespace = namespaceOf(index);
  const discoveredLabels = { ...discovered(index, { name, namespace }), ...more };
  const address = discoveredLabels.__address__;
  return {
    job: "pods",
    state: isDropped(index) ? ("dropped" as const) : ("active" as const),
    provider: "kubernetes/4be1c07f9a3d",
    source: `pod/${namespace}/${name}`,
    cluster: "prod-eu",
    discoveredLabels,
    labels: isDropped(index)
      ? {}
      : { instance: address, job: "pods", namespace, pod: name, app: name.split("-")[0], ...more },
    scrapeUrl: isDropped(index) ? "" : `http://${address}/metrics`,
    reason: isDropped(index) ? "rule 1 of relabel_configs (keep) dropped it" : "",
  };
};

const discovered = (index: number, { name, namespace }: { name: string; namespace: string }) => ({
  __address__: `10.${index >> 14}.${(index >> 6) & 255}.${index & 63}:8080`,
  __metrics_path__: "/metrics",
  __scheme__: "http",
  __scrape_interval__: "15s",
  __scrape_timeout__: "10s",
  __meta_kubernetes_namespace: namespace,
  __meta_kubernetes_pod_name: name,
  __meta_kubernetes_pod_ip: "10.0.0.1",
  __meta_kubernetes_pod_phase: "Running",
  __meta_kubernetes_pod_ready: "true",
  __meta_kubernetes_pod_node_name: `node-${index % 7}`,
  __meta_kubernetes_pod_host_ip: "192.168.1.4",
  __meta_kubernetes_pod_uid: `6a5c2c9e-8f6e-4b8e-9c3a-${String(index).padStart(12, "0")}`,
  __meta_kubernetes_pod_controller_kind: "ReplicaSet",
  __meta_kubernetes_pod_controller_name: `${name}-6d4cf56db6`,
  __meta_kubernetes_pod_container_name: "main",
  __meta_kubernetes_pod_container_port_number: "8080",
  __meta_kubernetes_pod_container_port_name: "http-metrics",
  __meta_kubernetes_pod_label_app: name.split("-")[0] ?? "",
  __meta_kubernetes_pod_labelpresent_app: "true",
  __meta_kubernetes_pod_annotation_prometheus_io_scrape: isDropped(index) ? "false" : "true",
  __meta_kubernetes_pod_annotationpresent_prometheus_io_scrape: "true",
  __meta_rollcall_cluster: "prod-eu",
});

const provider = (more: object) => ({
  provider: "kubernetes/4be1c07f9a3d",
  mechanism: "kubernetes",
  role: "pod",
  cluster: "prod-eu",
  jobs: ["pods"],
  health: "ok",
  followedBy: "relay",
  lastAttempt: new Date().toISOString(),
  lastSuccess: new Date(Date.now() - 4000).toISOString(),
  stalenessSeconds: 4,
  sources: 210,
  targets: 640,
  lastError: "",
  guard: null,
  repaired: 0,
  ...more,
});

const providersData = (targets: number) => ({
  deadLetters: 0,
  providers: [
    provider({ sources: Math.ceil(targets / 3), targets }),
    provider({
      provider: "kubernetes/91d2e0aa41c7",
      role: "node",
      jobs: ["nodes"],
      sources: 40,
      targets: 40,
    }),
    provider({
      provider: "kubernetes/0c6f8b2217ee",
      role: "endpointslice",
      jobs: ["services/slices"],
      cluster: "prod-us",
      health: "failing",
      lastSuccess: new Date(Date.now() - 760_000).toISOString(),
      stalenessSeconds: 760,
      lastError:
        "https://10.9.0.1:6443/apis/discovery.k8s.io/v1/endpointslices: 403: system:serviceaccount:rollcall may not list endpointslices in namespace billing",
    }),
    provider({
      provider: "dockerswarm/77aa10be4401",
      mechanism: "dockerswarm",
      role: "tasks",
      cluster: "swarm-lab",
      jobs: ["swarm"],
      followedBy: "schedule",
      sources: 1,
      targets: 73,
      guard: { since: new Date(Date.now() - 95_000).toISOString(), sources: 1, targets: 52 },
    }),
  ],
});

const steps = (labels: Record<string, string>) => {
  const isKept = labels.__meta_kubernetes_pod_annotation_prometheus_io_scrape === "true";
  const named: Record<string, string> = { ...labels, namespace: labels.__meta_kubernetes_namespace ?? "" };
  const { __meta_kubernetes_pod_uid: _gone, ...less } = named;
  const rules = [
    [
      {
        source_labels: ["__meta_kubernetes_pod_annotation_prometheus_io_scrape"],
        separator: ";",
        regex: "true",
        replacement: "$1",
        action: "keep",
      },
      labels,
    ],
    [
      {
        source_labels: ["__meta_kubernetes_namespace"],
        separator: ";",
        regex: "(.*)",
        target_label: "namespace",
        replacement: "$1",
        action: "replace",
      },
      named,
    ],
    [{ regex: "__meta_kubernetes_pod_uid", replacement: "$1", action: "labeldrop" }, less],
    [
      {
        source_labels: ["namespace"],
        separator: ";",
        regex: "(.*)",
        target_label: "__metrics_path__",
        replacement: "/$1/metrics",
        action: "replace",
      },
      { ...less, __metrics_path__: `/${named.namespace}/metrics` },
    ],
  ] as const;
  return rules.map(([rule, output]) => ({ rule, output: isKept ? output : {}, keep: isKept }));
};

const answers = (object: string) => [
  {
    job: "pods",
    verdict: "not served",
    reason: "dropped",
    sentence: `${object} is found, but rule 1 of job pods drops it: its annotation prometheus.io/scrape is "false".`,
    steps: [
      { step: "reachable", ok: true, detail: "prod-eu answered 4 seconds ago" },
      { step: "allowed", ok: true, detail: "pods may be listed in every namespace" },
      { step: "listed", ok: true, detail: `${object} is in the list` },
      { step: "built", ok: true, detail: "1 target: 10.0.0.3:8080" },
      { step: "relabelled", ok: false, detail: "rule 1 (keep) drops it" },
      { step: "guarded", ok: null, detail: "" },
      { step: "sharded", ok: null, detail: "" },
      { step: "served", ok: null, detail: "" },
    ],
    targets: [
      {
        discoveredLabels: discovered(3, { name: "web-3", namespace: "kube-system" }),
        labels: null,
        reason: "dropped",
      },
    ],
  },
];

const changes = (now: number, query: URLSearchParams) => {
  const since = Date.parse(query.get("since") ?? "");
  return Array.from({ length: 400 }, (_, index) => {
    const kind = (["added", "updated", "updated", "removed", "added"] as const)[index % 5] ?? "added";
    const burst = index % 7 === 0 ? 900_000 : 0;
    const at = now - ((index * 7919) % 3_500_000) * (burst > 0 ? 0.1 : 1) - burst;
    return {
      at: new Date(Math.floor(at / 1000) * 1000).toISOString(),
      provider: "kubernetes/4be1c07f9a3d",
      cluster: "prod-eu",
      jobs: ["pods"],
      source: query.get("source") ?? `pod/${namespaceOf(index)}/api-${index}`,
      change: kind,
      targetsBefore: kind === "added" ? 0 : 1,
      targetsAfter: kind === "removed" ? 0 : 1,
      labels: {
        added: [],
        removed: [],
        changed: kind === "updated" ? ["__meta_kubernetes_pod_ready", "__meta_kubernetes_pod_phase"] : [],
      },
      version: { epoch: 1, sequence: index },
    };
  })
    .filter(({ at }) => Date.parse(at) >= since)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
};
