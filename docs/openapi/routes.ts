import * as answers from "./answers.ts";
import { json, type Operation, plain, whole } from "./operation.ts";
import * as ask from "./parameters.ts";

const refused = (text: string) => whole(text, answers.failure);

/** What every route but health and readiness answers to whom it does not let in, and before there is a configuration. */
const admitted = {
  401: refused("no valid token; with a challenge for a browser"),
  403: refused("not for this token, or without tokens not for this client"),
};
const closed = { ...admitted, 503: refused("no configuration has been accepted yet") };
const badQuestion = refused("a parameter is unknown, missing, repeated or wrong");
const noJob = refused("there is no such job; the jobs are in data");
const unchanged = { text: "the reader has it already (If-None-Match)" };
const tooLarge = refused("it would be cut on its way; the error says what to ask for");
const tooCostly = refused("the selectors take too much work");

const get = (path: string, summary: string, rest: Pick<Operation, "parameters" | "answers">): Operation => ({
  method: "get",
  path,
  summary,
  ...rest,
  answers: { ...closed, ...rest.answers },
});

/** Every route of `serve` and `tick`, in the order of the document. */
export const operations: readonly Operation[] = [
  get("/sd/{job}", "the targets of a job, for HTTP service discovery", {
    parameters: [ask.job, ...ask.narrowing, ask.at, ask.after, ask.wait, ask.interval, ask.ifNoneMatch],
    answers: {
      200: whole("the list", answers.list),
      204: { text: "nothing changed while the reader waited" },
      304: unchanged,
      400: badQuestion,
      404: noJob,
      413: tooLarge,
      422: tooCostly,
      429: refused("too many readers wait already"),
      503: refused("the list is not known yet: keep what you have"),
    },
  }),
  get("/api/v1/claims/{mechanism}/{id}/{hash}", "a target group that was too large for an event", {
    parameters: [ask.mechanism, ask.id, ask.hash],
    answers: { 200: whole("the group", answers.group), 404: refused("no such claim, or it has expired") },
  }),
  get("/api/v1/providers", "how each provider is doing", {
    parameters: [],
    answers: { 200: json("the providers", answers.providers) },
  }),
  get("/api/v1/targets", "all targets, as Prometheus answers", {
    parameters: [ask.state, ask.scrapePool, ask.interval, ask.ifNoneMatch],
    answers: { 200: json("the targets", answers.targets), 304: unchanged, 413: tooLarge },
  }),
  get("/api/v1/targets/relabel_steps", "what each rule of a job does to labels", {
    parameters: [ask.neededPool, ask.labels],
    answers: { 200: json("the steps", answers.relabelSteps), 400: badQuestion },
  }),
  get("/api/v1/scrape_pools", "the names of the jobs, as Prometheus answers", {
    parameters: [],
    answers: { 200: json("the jobs", answers.scrapePools) },
  }),
  get("/api/v1/scrape_pools/config", "a job's own configuration", {
    parameters: [ask.neededPool],
    answers: { 200: json("the configuration", answers.scrapePoolConfig), 400: badQuestion },
  }),
  get("/api/v1/search", "targets by page, with what became of each", {
    parameters: [
      ...[ask.onlyJob, ask.cluster, ask.match, ask.words, ask.anyState],
      ...[ask.limit(100, 10_000), ask.cursor, ask.compact, ask.ifNoneMatch],
    ],
    answers: {
      200: json("a page of targets", answers.search),
      304: unchanged,
      400: badQuestion,
      404: noJob,
      422: tooCostly,
    },
  }),
  get("/api/v1/groups", "target groups with their versions, for who follows the events", {
    parameters: [ask.onlyJob, ask.limit(500, 5000), ask.cursor],
    answers: { 200: json("a page of groups", answers.groups), 400: badQuestion, 404: noJob },
  }),
  get("/api/v1/changes", "what was added, changed and removed, the newest first", {
    parameters: [ask.onlyJob, ask.source, ask.since, ask.until, ask.limit(100, 500), ask.cursor],
    answers: {
      200: json("a page of changes", answers.changes),
      400: badQuestion,
      404: refused("there is no such job, or no history is kept"),
    },
  }),
  get("/api/v1/explain", "why something is a target, or is not", {
    parameters: [ask.object, ask.onlyJob, ask.shard, ask.parts],
    answers: {
      200: json("an answer for each job", answers.explanation),
      400: badQuestion,
      404: noJob,
      422: tooCostly,
    },
  }),
  get("/api/v1/openapi.json", "this document", {
    parameters: [ask.ifNoneMatch],
    answers: { 200: { text: "the document", content: { "application/json": null } }, 304: unchanged },
  }),
  get("/metrics", "prometheus_sd_* and own metrics", {
    parameters: [],
    answers: { 200: plain("Prometheus's text format 0.0.4") },
  }),
  get("/", "the page for a browser, the jobs in plain text for everyone else", {
    parameters: [ask.accept],
    answers: { 200: { text: "the page or the jobs", content: { "text/html": null, "text/plain": null } } },
  }),
  get("/page/{file}", "what the page is made of", {
    parameters: [ask.file, ask.ifNoneMatch],
    answers: {
      200: { text: "the file", content: { "text/javascript": null, "text/css": null, "text/html": null } },
      304: unchanged,
      404: refused("there is no such file"),
    },
  }),
  {
    ...get("/-/healthy", "alive", { parameters: [], answers: {} }),
    isOpen: true,
    answers: { 200: plain("it is") },
  },
  {
    ...get("/-/ready", "every provider has been looked at once", { parameters: [], answers: {} }),
    isOpen: true,
    answers: { 200: plain("it is ready"), 503: plain("what it waits for") },
  },
  {
    method: "post",
    path: "/-/reload",
    summary: "accept the configuration as it is now; needs operate",
    parameters: [ask.operate],
    answers: { ...admitted, 200: plain("accepted"), 500: plain("refused: why; the accepted one goes on") },
  },
  {
    method: "post",
    path: "/api/v1/rebuild",
    summary: "have everything of providers announced and written anew; needs operate",
    parameters: [ask.provider, ask.ofCluster, ask.all, ask.operate],
    answers: {
      ...admitted,
      202: json("the providers that will be", answers.rebuild),
      400: badQuestion,
      404: refused("there is no such provider or cluster"),
    },
  },
  {
    method: "post",
    path: "/api/v1/providers/{mechanism}/{id}/guard/release",
    summary: "let go what the guard holds back of a provider; needs operate",
    parameters: [ask.mechanism, ask.id, ask.operate],
    answers: {
      ...admitted,
      200: json("what was let go", answers.release),
      404: refused("there is no such provider"),
      409: refused("nothing is held back"),
    },
  },
];
