import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import {
  type Answer,
  PrometheusFailure,
  type Sample,
} from "../../../../lib/adapter/prometheus/prometheus.ts";
import { createPrometheusProvider } from "../../../../lib/adapter/provider/prometheus.ts";
import { buildRegistry } from "../../../../lib/adapter/registry/build.ts";
import { createLog } from "../../../../lib/log.ts";
import { clusterResources } from "../cluster.ts";

const text = `
rules: [{seriesQuery: q, resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}, metricsQuery: "<<.Series>>{<<.LabelMatchers>>}"}]
externalRules: [{seriesQuery: q, resources: {overrides: {namespace: {resource: namespace}}}, metricsQuery: "<<.Series>>{<<.LabelMatchers>>}"}]
resourceRules:
  cpu:
    containerQuery: cpu{<<.LabelMatchers>>} by (<<.GroupBy>>)
    nodeQuery: nodecpu{<<.LabelMatchers>>} by (<<.GroupBy>>)
    resources: {overrides: {node: {resource: node}, namespace: {resource: namespace}, pod: {resource: pod}}}
    containerLabel: container
  memory:
    containerQuery: memory{<<.LabelMatchers>>} by (<<.GroupBy>>)
    nodeQuery: nodememory{<<.LabelMatchers>>} by (<<.GroupBy>>)
    resources: {overrides: {instance: {resource: node}, namespace: {resource: namespace}, pod: {resource: pod}}}
    containerLabel: container
  window: 5m
`;

const rules = { path: "adapter.yml", text };

export const entry = {
  metric: "hits",
  rule: 0,
  series: "hits",
  group: "",
  resource: "pods",
  namespaced: true,
};

const record = {
  at: 1,
  rules,
  resources: clusterResources,
  custom: [entry],
  external: [{ metric: "queue", rule: 0, series: "queue" }],
};

export const sample = (labels: Readonly<Record<string, string>>, value: number, at = 100): Sample => ({
  labels,
  at,
  value,
});

export const vector = (...samples: Sample[]): Answer => ({ type: "vector", samples });

type Answers = (promql: string) => Answer;

export const providing = (answers: Answers, { isListed = true, of = text } = {}) => {
  const asked: string[] = [];
  const lines: string[] = [];
  const provider = createPrometheusProvider({
    rules: parseRules({ path: "adapter.yml", text: of }),
    registry: async () => (isListed ? buildRegistry(record) : undefined),
    prometheus: {
      series: async () => [],
      query: async (promql, at) => {
        asked.push(`${promql}@${at}`);
        return answers(promql);
      },
    },
    now: () => 1_500,
    log: createLog({ level: "info", write: (line) => lines.push(line) }),
  });
  return { provider, asked, lines };
};

export const away = () => {
  throw new PrometheusFailure("http://prometheus: away");
};
