import type { GroupName } from "./groups.ts";

/** What the bodies look like, as OpenAPI has it; `refTo` says where another definition lies. */
export const definitionsOf = (group: GroupName, version: string, refTo: RefTo): Record<string, object> => {
  switch (group) {
    case "custom.metrics.k8s.io":
      return custom(version, refTo);
    case "external.metrics.k8s.io":
      return external(version, refTo);
    default:
      return measured(version, refTo);
  }
};

/** The full name of a kind's definition. */
export const nameOf = (group: GroupName, version: string, kind: string) =>
  `io.k8s.metrics.pkg.apis.${packages[group]}.${version}.${kind}`;

const packages: Readonly<Record<GroupName, string>> = {
  "custom.metrics.k8s.io": "custom_metrics",
  "external.metrics.k8s.io": "external_metrics",
  "metrics.k8s.io": "metrics",
};

type RefTo = (name: string) => object;

const text = { type: "string" };
const texts = { type: "object", additionalProperties: text };
const time = { type: "string", format: "date-time" };
const object = { type: "object" };

const kindOf = (group: GroupName, version: string, kind: string) => ({
  "x-kubernetes-group-version-kind": [{ group, version, kind }],
});

const listOf = (
  group: GroupName,
  { version, kind, item }: { version: string; kind: string; item: object },
) => ({
  type: "object",
  required: ["items"],
  properties: { apiVersion: text, kind: text, metadata: object, items: { type: "array", items: item } },
  ...kindOf(group, version, kind),
});

const custom = (version: string, refTo: RefTo) => {
  const group = "custom.metrics.k8s.io";
  const name = (kind: string) => nameOf(group, version, kind);
  const described = { kind: text, namespace: text, name: text, apiVersion: text };
  const metric =
    version === "v1beta1"
      ? { metricName: text, selector: object }
      : { metric: { type: "object", properties: { name: text, selector: object } } };
  const properties = {
    describedObject: { type: "object", properties: described },
    ...metric,
    timestamp: time,
    windowSeconds: { type: "integer", format: "int64" },
    value: text,
  };
  const required = ["describedObject", version === "v1beta1" ? "metricName" : "metric", "timestamp", "value"];
  return {
    [name("MetricValue")]: { type: "object", required, properties },
    [name("MetricValueList")]: listOf(group, {
      version,
      kind: "MetricValueList",
      item: refTo(name("MetricValue")),
    }),
  };
};

const external = (version: string, refTo: RefTo) => {
  const group = "external.metrics.k8s.io";
  const name = (kind: string) => nameOf(group, version, kind);
  const properties = { metricName: text, metricLabels: texts, timestamp: time, value: text };
  const required = ["metricName", "metricLabels", "timestamp", "value"];
  const [item, kind] = [refTo(name("ExternalMetricValue")), "ExternalMetricValueList"];
  return {
    [name("ExternalMetricValue")]: { type: "object", required, properties },
    [name(kind)]: listOf(group, { version, kind, item }),
  };
};

const measured = (version: string, refTo: RefTo) => {
  const group = "metrics.k8s.io";
  const name = (kind: string) => nameOf(group, version, kind);
  const common = { apiVersion: text, kind: text, metadata: object, timestamp: time, window: text };
  const required = ["timestamp", "window"];
  const container = refTo(name("ContainerMetrics"));
  const containers = { type: "array", items: container };
  return {
    [name("ContainerMetrics")]: {
      type: "object",
      required: ["name", "usage"],
      properties: { name: text, usage: texts },
    },
    [name("PodMetrics")]: {
      type: "object",
      required: [...required, "containers"],
      properties: { ...common, containers },
      ...kindOf(group, version, "PodMetrics"),
    },
    [name("PodMetricsList")]: listOf(group, {
      version,
      kind: "PodMetricsList",
      item: refTo(name("PodMetrics")),
    }),
    [name("NodeMetrics")]: {
      type: "object",
      required: [...required, "usage"],
      properties: { ...common, usage: texts },
      ...kindOf(group, version, "NodeMetrics"),
    },
    [name("NodeMetricsList")]: listOf(group, {
      version,
      kind: "NodeMetricsList",
      item: refTo(name("NodeMetrics")),
    }),
  };
};
