import type * as z from "zod";
import * as answers from "./modelanswers.ts";
import { type Described, type Operation, plain, whole } from "./operation.ts";
import * as ask from "./parameters.ts";

/** What has metrics (spec A10.1, A10.3): where it lies, and whether the answer is a list. */
interface Subject {
  readonly path: string;
  readonly words: string;
  readonly asList?: boolean;
  /** Its metrics' names can be asked for. */
  readonly hasNames?: boolean;
}

const subjects: readonly Subject[] = [
  { path: "", words: "the cluster", hasNames: true },
  { path: "/nodes/{node}", words: "a node", hasNames: true },
  { path: "/nodes/{node}/freecontainers/{container}", words: "a system container", hasNames: true },
  { path: "/namespaces/{namespace}", words: "a namespace", hasNames: true },
  { path: "/namespaces/{namespace}/pods/{pod}", words: "a pod", hasNames: true },
  {
    path: "/namespaces/{namespace}/pods/{pod}/containers/{container}",
    words: "a container",
    hasNames: true,
  },
  { path: "/namespaces/{namespace}/pod-list/{pods}", words: "several pods", asList: true },
];

/** By what only a database can find. */
const byId: readonly Subject[] = [
  { path: "/pod-id/{uid}", words: "a pod" },
  { path: "/pod-id/{uid}/containers/{container}", words: "a container" },
  { path: "/pod-id-list/{uids}", words: "several pods", asList: true },
];

/** Live ones tell of the newest batch, asked about the past or not. */
const lists: readonly (readonly [path: string, words: string, isLive?: boolean])[] = [
  ["/nodes", "the nodes, by their host names"],
  ["/nodes/{node}/freecontainers", "the system containers of a node"],
  ["/namespaces", "the namespaces"],
  ["/namespaces/{namespace}/pods", "the pods of a namespace"],
  ["/namespaces/{namespace}/pods/{pod}/containers", "the containers of a pod", true],
  ["/debug/allkeys", "the keys of the newest batch", true],
];

const noToken = plain("no valid token; with a challenge for a browser");
const notHere = plain("without tokens: not for this client");
const notThere = plain("no such cluster, no such path, or not there by the settings");
const notJson = plain("the reader does not take JSON");
const badQuestion = plain("a time, label, selector, bucket or aggregation cannot be read");
const failed = plain("the historical source cannot be asked");
const names = whole("the names", answers.names);
const values = whole("the values", answers.metricResult);
const valuesOfEach = whole("the values of each", answers.metricResults);
const sums = whole("one sum for each bucket", answers.aggregateResult);
const sumsOfEach = whole("the sums of each", answers.aggregateResults);

/** Answers and parameters that many routes share, by their names in the document. */
export const sharedAnswers: Readonly<Record<string, Described>> = {
  ...{ noToken, notHere, notThere, notJson, badQuestion, failed },
  ...{ names, values, valuesOfEach, sums, sumsOfEach },
};
export const sharedParameters: Readonly<Record<string, ask.Parameter>> = {
  metricsOf: ask.metricsOf,
  from: ask.from,
  to: ask.to,
  metricLabels: ask.metricLabels,
  bucket: ask.bucket,
  ...ask.ofModel,
};

const closed = { 401: noToken, 403: notHere, 404: notThere, 406: notJson };
const onBadQuestion = { 400: badQuestion };
const onFailure = { 500: failed };

interface Told {
  readonly parameters?: readonly ask.Parameter[];
  readonly answers?: Operation["answers"];
}

const get = (path: string, [summary, ok]: readonly [string, Described], told: Told = {}): Operation => ({
  method: "get",
  path,
  summary,
  parameters: [...ask.inPathOf(path), ...(told.parameters ?? []), ask.metricsOf],
  answers: { ...closed, 200: ok, ...told.answers },
});

const range = [ask.from, ask.to, ask.metricLabels];

/** The model, out of the model store, or the same questions about the past. */
const below = (root: string, all: readonly Subject[], past: Told): Operation[] => [
  ...lists.map(([path, words, isLive]) => get(`${root}${path}`, [words, names], isLive ? {} : past)),
  ...all
    .filter(({ hasNames }) => hasNames)
    .map(({ path, words }) =>
      get(`${root}${path}/metrics`, [`names of the metrics of ${words}`, names], past),
    ),
  ...all.map(({ path, words, asList }) =>
    get(`${root}${path}/metrics/{metric}`, [`a metric of ${words}`, asList ? valuesOfEach : values], {
      parameters: range,
      answers: { ...onBadQuestion, ...past.answers },
    }),
  ),
];

const aggregated = ({ path, words, asList }: Subject): Operation =>
  get(
    `/api/v1/historical${path}/metrics-aggregated/{aggregations}/{metric}`,
    [`a metric of ${words}, summed up`, asList ? sumsOfEach : sums],
    { parameters: [...range, ask.bucket], answers: { ...onBadQuestion, ...onFailure } },
  );

const resources = "/apis/metrics.k8s.io/v1alpha1";
const selected = { parameters: [ask.labelSelector], answers: onBadQuestion };

const told = (words: string, schema: z.ZodType) => [words, whole(words, schema)] as const;

const exported: readonly Operation[] = [
  get("/api/v1/metric-export", told("the newest batch", answers.batch)),
  get("/api/v1/metric-export-schema", told("what is in a batch", answers.batchSchema)),
  get(`${resources}/nodes`, told("what nodes use", answers.resourceList), selected),
  get(`${resources}/nodes/{node}`, told("what a node uses", answers.nodeMetrics)),
  get(`${resources}/pods`, told("what pods use", answers.resourceList), selected),
  get(`${resources}/namespaces/{namespace}/pods`, told("what pods use", answers.resourceList), selected),
  get(`${resources}/namespaces/{namespace}/pods/{pod}`, told("what a pod uses", answers.podMetrics)),
];

const health = (path: string, parameters: readonly ask.Parameter[]): Operation => ({
  method: "get",
  path,
  summary: "each cluster's latest batch is there and not old",
  parameters,
  answers: { 200: plain("it is"), 500: plain("it is not") },
  isOpen: true,
});

/** Every route of `model`: Heapster's HTTP API (spec A10). */
export const modelOperations: readonly Operation[] = [
  ...below("/api/v1/model", subjects, {}),
  ...below("/api/v1/historical", [...subjects, ...byId], { answers: onFailure }),
  ...[...subjects, ...byId].map(aggregated),
  ...exported,
  health("/healthz", [ask.verbose]),
  health("/healthz/healthz", []),
];
