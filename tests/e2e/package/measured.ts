import { createServer } from "node:http";
import type { Cloud } from "../../../local/cloud.ts";
import { listening } from "../../fakes/listening.ts";
import { inHeader, issueFor } from "../../unit/adapter/identity/certificates.ts";
import { createAuthority } from "../../unit/http/support/certificates.ts";

/** Names under which the adapters of the world are asked: one that has a Prometheus, and one for the model store. */
export const hosts = { series: "series.example", usage: "usage.example" };

/** The rules of the first. */
export const rules = {
  rules: [
    {
      seriesQuery: '{pod!=""}',
      resources: { overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } } },
      name: { matches: "^(.*)_total$", as: "${1}_per_second" },
      metricsQuery: "sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)",
    },
  ],
};

const series = { namespace: "shop", pod: "web" };
const resources = [
  { name: "pods", singularName: "pod", kind: "Pod", namespaced: true },
  { name: "namespaces", singularName: "namespace", kind: "Namespace", namespaced: false },
];

/** Whoever asks through the cluster's aggregator. */
const authority = createAuthority("front-proxy");
const aggregator = issueFor(authority, { subject: "/CN=front-proxy-client", usage: "clientAuth" });

const listOf = (metadata: object) => ({
  ...{ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata: { resourceVersion: "1" } },
  items: [{ metadata }],
});

/** What adapters ask of a cluster, and of a Prometheus, by path; neither has one of the other's. The node is the world's. */
const answers: Readonly<Record<string, () => object>> = {
  "/api/v1": () => ({ kind: "APIResourceList", groupVersion: "v1", resources }),
  "/apis": () => ({ kind: "APIGroupList", groups: [] }),
  "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication": () => ({
    ...{ kind: "ConfigMap", data: { "requestheader-client-ca-file": authority.cert } },
  }),
  "/api/v1/nodes": () => listOf({ name: "test" }),
  "/api/v1/namespaces/shop/pods": () => listOf({ namespace: "shop", name: "web" }),
  "/apis/authorization.k8s.io/v1/subjectaccessreviews": () => ({
    ...{ kind: "SubjectAccessReview", status: { allowed: true } },
  }),
  "/api/v1/series": () => ({ status: "success", data: [{ __name__: "hits_total", ...series }] }),
  "/api/v1/query": () => ({
    status: "success",
    data: { resultType: "vector", result: [{ metric: series, value: [Date.now() / 1000, "7"] }] },
  }),
};

/** A cluster with one pod and one node, and a Prometheus that has seen the pod. */
export const startMeasured = async () => {
  const server = createServer(({ url = "" }, response) => {
    const answer = answers[url.split("?")[0] ?? ""];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer?.() ?? {}));
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
};

/** As the load balancer hands on what an aggregator asks (Elastic Load Balancing's guide, "Lambda functions as targets"). */
export const askAdapter = async (
  cloud: Cloud,
  host: string,
  path: string,
): Promise<{ status: number; body: string }> => {
  const headers = {
    ...{ host: [host], "x-remote-user": ["hpa"] },
    "x-amzn-mtls-clientcert-leaf": [inHeader(aggregator.cert)],
  };
  const answer = Object(
    await cloud.functions.invoke("adapt", {
      ...{ requestContext: { elb: { targetGroupArn: "arn" } }, httpMethod: "GET", path },
      ...{ multiValueHeaders: headers, multiValueQueryStringParameters: {} },
      ...{ body: "", isBase64Encoded: false },
    }),
  );
  return { status: Number(answer.statusCode), body: String(answer.body) };
};
