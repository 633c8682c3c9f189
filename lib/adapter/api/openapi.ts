import { createHash } from "node:crypto";
import type { Catalogue } from "../provider/provider.ts";
import { customGroup, externalGroup, type GroupName, groups, isServed } from "./groups.ts";
import { definitionsOf, nameOf } from "./schemas.ts";

/** `/openapi/v2`: what an aggregator merges into the cluster's own document. */
export const openapiV2 = (catalogue: Catalogue): object => {
  const refTo = (name: string) => ({ $ref: `#/definitions/${name}` });
  const served = groupVersions(catalogue);
  const answers = (schema: object) => ({ "200": { description: "OK", schema } });
  return {
    swagger: "2.0",
    info,
    paths: Object.fromEntries(
      served.flatMap(({ group, version }) =>
        operations(group, version).map(({ path, kind, names, action }) => [
          path,
          {
            get: {
              ...operationOf(group, { version, kind, action }),
              produces: ["application/json"],
              parameters: names.map((name) => ({ name, in: "path", required: true, type: "string" })),
              responses: answers(refTo(nameOf(group, version, kind))),
            },
          },
        ]),
      ),
    ),
    definitions: Object.assign(
      {},
      ...served.map(({ group, version }) => definitionsOf(group, version, refTo)),
    ),
  };
};

/** `/openapi/v3`: where the documents of the versions are; an address changes with what lies there. */
export const openapiV3 = (catalogue: Catalogue): object => ({
  paths: Object.fromEntries(
    groupVersions(catalogue).map(({ group, version }) => {
      const hash = createHash("sha256")
        .update(JSON.stringify(openapiV3Of(group, version)))
        .digest("hex");
      const path = `apis/${group}/${version}`;
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash.toUpperCase()}` }];
    }),
  ),
});

export const openapiV3Of = (group: GroupName, version: string): object => {
  const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const answers = (schema: object) => ({
    "200": { description: "OK", content: { "application/json": { schema } } },
  });
  return {
    openapi: "3.0.0",
    info,
    paths: Object.fromEntries(
      operations(group, version).map(({ path, kind, names, action }) => [
        path,
        {
          get: {
            ...operationOf(group, { version, kind, action }),
            parameters: names.map((name) => ({
              name,
              in: "path",
              required: true,
              schema: { type: "string" },
            })),
            responses: answers(refTo(nameOf(group, version, kind))),
          },
        },
      ]),
    ),
    components: { schemas: definitionsOf(group, version, refTo) },
  };
};

const info = { title: "Kubernetes metrics APIs", version: "v1" };

const groupVersions = (catalogue: Catalogue) =>
  groups
    .filter(({ name }) => isServed(name, catalogue))
    .flatMap(({ name, versions }) => versions.map((version) => ({ group: name, version })));

interface Operation {
  readonly path: string;
  readonly kind: string;
  /** Of the path's parameters. */
  readonly names: readonly string[];
  readonly action: "get" | "list";
}

const operations = (group: GroupName, version: string): Operation[] => {
  const root = `/apis/${group}/${version}`;
  const at = (path: string, kind: string, action: Operation["action"]): Operation => ({
    path: `${root}/${path}`,
    kind,
    names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
    action,
  });
  if (group === customGroup)
    return [
      at("{resource}/{name}/{metric}", "MetricValueList", "get"),
      at("namespaces/{namespace}/metrics/{metric}", "MetricValueList", "get"),
      at("namespaces/{namespace}/{resource}/{name}/{metric}", "MetricValueList", "get"),
    ];
  if (group === externalGroup)
    return [at("namespaces/{namespace}/{metric}", "ExternalMetricValueList", "list")];
  return [
    at("nodes", "NodeMetricsList", "list"),
    at("nodes/{name}", "NodeMetrics", "get"),
    at("pods", "PodMetricsList", "list"),
    at("namespaces/{namespace}/pods", "PodMetricsList", "list"),
    at("namespaces/{namespace}/pods/{name}", "PodMetrics", "get"),
  ];
};

const operationOf = (
  group: GroupName,
  { version, kind, action }: { version: string; kind: string; action: string },
) => ({
  "x-kubernetes-action": action,
  "x-kubernetes-group-version-kind": { group, version, kind },
});
