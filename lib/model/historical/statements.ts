import type { InfluxSettings } from "../../config/metrics/settings.ts";
import type { Labels } from "../../metrics/batch.ts";
import { entityTypes, label } from "../../metrics/labels.ts";
import { BadQuery } from "../badquery.ts";
import type { Aggregation, Range } from "../query.ts";
import type { Entity, List } from "../question.ts";
import { goTime } from "../shape.ts";

/** Which database, and whose points in it. */
export interface Tenant extends Pick<InfluxSettings, "withFields"> {
  /** The tag `cluster_name` of its points. */
  readonly clusterName: string;
}

export interface StatementParts {
  readonly metric: string;
  readonly labels?: Labels | undefined;
  readonly range: Range;
}

/** `SELECT` for the values of an entity (spec A10.3). */
export const valuesStatement = (entity: Entity, tenant: Tenant, parts: StatementParts): string => {
  const { field } = placeOf(parts.metric, tenant);
  return `SELECT time, ${field} FROM ${fromOf(entity, tenant, parts)}`;
};

/** The same in buckets of so many nanoseconds, or in one. */
export const aggregateStatement = (
  entity: Entity,
  tenant: Tenant,
  parts: StatementParts & {
    readonly aggregations: readonly Aggregation[];
    readonly bucket?: bigint | undefined;
  },
): string => {
  const { field } = placeOf(parts.metric, tenant);
  const columns = parts.aggregations.map((one) => functions[one].replace("f", field)).join(", ");
  const grouped = parts.bucket === undefined ? "" : ` GROUP BY time(${parts.bucket / 1000n}u) fill(none)`;
  return `SELECT ${columns} FROM ${fromOf(entity, tenant, parts)}${grouped}`;
};

export const namesStatement = (entity: Entity, tenant: Tenant): string =>
  `SHOW MEASUREMENTS WHERE ${selectorOf(entity, tenant)}`;

/** Values of a tag. Upstream asks `SHOW SERIES` for some, whose columns no InfluxDB since 0.11 has. */
export const listStatement = (list: List, tenant: Tenant): string => {
  switch (list.of) {
    case "nodes":
      return `SHOW TAG VALUES WITH KEY = ${label.nodename} WHERE ${ofTenant(tenant)}`;
    case "pods":
      return `SHOW TAG VALUES FROM "uptime" WITH KEY = ${label.podName} WHERE ${conditions({ [label.namespaceName]: list.namespace, type: entityTypes.pod }, tenant)}`;
    case "systemContainers":
      return `SHOW TAG VALUES FROM "uptime" WITH KEY = ${label.containerName} WHERE ${conditions({ [label.nodename]: list.node, type: entityTypes.systemContainer }, tenant)}`;
    default:
      return `SHOW TAG VALUES WITH KEY = ${label.namespaceName} WHERE ${ofTenant(tenant)}`;
  }
};

/** `(pod)ns:NS/pod:P`, for messages. */
export const describe = (entity: Entity): string => {
  switch (entity.kind) {
    case "cluster":
      return `(${entityTypes.cluster})[cluster]`;
    case "node":
      return `(${entityTypes.node})node:${entity.node}`;
    case "systemContainer":
      return `(${entityTypes.systemContainer})node:${entity.node}/container:${entity.container}`;
    case "namespace":
      return `(${entityTypes.namespace})ns:${entity.namespace}`;
    case "pod":
      return `(${entityTypes.pod})ns:${entity.namespace}/pod:${entity.pod}`;
    case "podContainer":
      return `(${entityTypes.podContainer})ns:${entity.namespace}/pod:${entity.pod}/container:${entity.container}`;
    case "podId":
      return `(${entityTypes.pod})poduid:${entity.uid}`;
    case "podIdContainer":
      return `(${entityTypes.podContainer})poduid:${entity.uid}/container:${entity.container}`;
  }
};

const functions: Readonly<Record<Aggregation, string>> = {
  average: "MEAN(f)",
  max: "MAX(f)",
  min: "MIN(f)",
  median: "MEDIAN(f)",
  count: "COUNT(f)",
  "50-perc": "PERCENTILE(f, 50)",
  "95-perc": "PERCENTILE(f, 95)",
  "99-perc": "PERCENTILE(f, 99)",
};

/** Where the sink puts a metric (spec A8). */
const placeOf = (metric: string, { withFields }: Tenant) => {
  const name = checked(metric, { pattern: /^[A-Za-z0-9_./:-]+$/, what: "metric name" });
  const slash = withFields ? name.indexOf("/") : -1;
  return slash < 0
    ? { measurement: `"${name}"`, field: '"value"' }
    : { measurement: `"${name.slice(0, slash)}"`, field: `"${name.slice(slash + 1)}"` };
};

/** The bounds are exclusive and in seconds, as upstream's. */
const fromOf = (entity: Entity, tenant: Tenant, { metric, labels = {}, range }: StatementParts): string => {
  const asked = Object.entries(labels).map(
    ([name, value]) =>
      ` AND "${checked(name, { pattern: /^[A-Za-z0-9_./:-]+$/, what: "label name" })}" = '${checked(value, { pattern: /^[^\p{C}'"\\]+$/u, what: "label value" })}'`,
  );
  const bounds = `time > '${inSeconds(range.start)}' AND time < '${inSeconds(range.end)}'`;
  const { measurement } = placeOf(metric, tenant);
  return `${measurement} WHERE ${selectorOf(entity, tenant)}${asked.join("")} AND ${bounds}`;
};

const inSeconds = (time: bigint): string => goTime(time - (time % 1_000_000_000n));

const selectorOf = (entity: Entity, tenant: Tenant): string => conditions(tagsOf(entity), tenant);

const tagsOf = (entity: Entity): Labels => {
  switch (entity.kind) {
    case "cluster":
      return { type: entityTypes.cluster };
    case "node":
      return { type: entityTypes.node, [label.nodename]: entity.node };
    case "systemContainer":
      return {
        type: entityTypes.systemContainer,
        [label.containerName]: entity.container,
        [label.nodename]: entity.node,
      };
    case "namespace":
      return { type: entityTypes.namespace, [label.namespaceName]: entity.namespace };
    case "pod":
    case "podContainer": {
      const pod = { [label.namespaceName]: entity.namespace, [label.podName]: entity.pod };
      return entity.kind === "pod"
        ? { type: entityTypes.pod, ...pod }
        : { type: entityTypes.podContainer, ...pod, [label.containerName]: entity.container };
    }
    case "podId":
      return { type: entityTypes.pod, [label.podId]: entity.uid };
    case "podIdContainer":
      return {
        type: entityTypes.podContainer,
        [label.podId]: entity.uid,
        [label.containerName]: entity.container,
      };
  }
};

const conditions = (tags: Labels, tenant: Tenant): string =>
  [
    ...Object.entries(tags).map(
      ([name, value]) => `${name} = '${checked(value, { pattern: /^[A-Za-z0-9_.-]+$/, what: "name" })}'`,
    ),
    ofTenant(tenant),
  ].join(" AND ");

/** Several clusters may share a database. The name is the settings' own, not the asker's. */
const ofTenant = ({ clusterName }: Tenant): string =>
  `cluster_name = '${clusterName.replace(/['\\]/g, "\\$&")}'`;

/** What would be a part of the statement rather than a name in it goes no further. */
const checked = (text: string, { pattern, what }: { pattern: RegExp; what: string }): string => {
  if (pattern.test(text)) return text;
  throw new BadQuery(`invalid ${what} ${JSON.stringify(text)}: expected ${pattern.source}`);
};
