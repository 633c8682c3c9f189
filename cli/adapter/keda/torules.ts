import * as z from "zod";
import { readDocuments } from "../../../lib/yamldocuments.ts";
import { firstSelector } from "./series.ts";

/** Rules that register what triggers ask, as external metrics. */
export interface BackTranslated {
  readonly rules: { readonly externalRules: readonly object[] };
  readonly notes: readonly string[];
}

/** What an adapter's rules have no word for is told. Throws Error in one line for a text that has no ScaledObject. */
export const rulesOf = (text: string): BackTranslated => {
  const objects = readDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new Error(`not YAML: ${problem.message.split("\n")[0]}`);
    const value: unknown = document.toJS();
    return isScaledObject(value) ? [scaledObject.parse(value)] : [];
  });
  if (objects.length === 0) throw new Error("there is no ScaledObject or ScaledJob in it");
  const found = objects.flatMap((object) =>
    object.spec.triggers.map((trigger, at) => ruleOf(trigger, `${object.metadata.name}-${at}`)),
  );
  const servers = new Set(found.flatMap(({ server }) => server ?? []));
  const several =
    servers.size > 1
      ? [
          `an adapter asks one Prometheus, and these triggers ask ${[...servers].join(", ")}: make an adapter for each`,
        ]
      : [];
  return {
    rules: { externalRules: found.flatMap(({ rule }) => rule ?? []) },
    notes: [...found.flatMap(({ notes }) => notes), ...several],
  };
};

const isScaledObject = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  (value.kind === "ScaledObject" || value.kind === "ScaledJob");

const written = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const scaledObject = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    triggers: z.array(
      z.object({
        type: z.string(),
        name: z.string().optional(),
        metricType: z.string().optional(),
        metadata: z.record(z.string(), written).default({}),
        authenticationRef: z.unknown().optional(),
      }),
    ),
  }),
});

type WrittenTrigger = z.infer<typeof scaledObject>["spec"]["triggers"][number];

interface Rule {
  readonly rule?: object;
  readonly server?: string | undefined;
  readonly notes: readonly string[];
}

const ruleOf = (trigger: WrittenTrigger, unnamed: string): Rule => {
  const { query, serverAddress, threshold, metricName } = trigger.metadata;
  const name = trigger.name ?? metricName ?? unnamed;
  if (trigger.type !== "prometheus")
    return { notes: [`${name}: a trigger of type ${trigger.type} asks no Prometheus`] };
  if (query === undefined || query.trim() === "") return { notes: [`${name}: the trigger has no query`] };
  const selector = firstSelector(query);
  if (selector === undefined)
    return {
      notes: [`${name}: the query is about no series, by which a rule could find it: ${query.trim()}`],
    };
  const target = `${trigger.metricType === "Value" ? "value" : "averageValue"}: ${threshold ?? "?"}`;
  return {
    rule: {
      seriesQuery: selector,
      name: { as: name.replaceAll("$", "$$$$") },
      resources: { namespaced: false },
      metricsQuery: query.trim().replaceAll("<<", '<<"<<">>'),
    },
    server: serverAddress,
    notes: [`${name}: the HPA's target is ${target}, of an External metric`, ...lost(trigger, name)],
  };
};

const lost = ({ metadata, authenticationRef }: WrittenTrigger, name: string): string[] => [
  ...(authenticationRef === undefined
    ? []
    : [`${name}: authenticationRef: credentials stand in the adapter's prometheus block`]),
  ...Object.keys(metadata)
    .filter((key) => !carried.has(key))
    .map((key) => `${name}: ${key} has no counterpart in rules${hints[key] ?? ""}`),
];

const carried = new Set(["query", "serverAddress", "threshold", "metricName"]);

const hints: Readonly<Record<string, string>> = {
  activationThreshold: ": an HPA does not scale to zero",
  authModes: ": credentials stand in the adapter's prometheus block",
  customHeaders: ": http_headers of the adapter's prometheus block",
  unsafeSsl: ": tls_config of the adapter's prometheus block",
  ignoreNullValues: ": an HPA takes no value for an error",
};
