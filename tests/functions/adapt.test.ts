import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createDynamoStore } from "../../lib/metrics/store/dynamodb.ts";
import { listening } from "../fakes/listening.ts";
import { inHeader, issueFor } from "../unit/adapter/identity/certificates.ts";
import { createAuthority } from "../unit/http/support/certificates.ts";
import { smallBatch } from "../unit/model/cluster.ts";
import { accept, openTable, setEnvironment } from "./environment.ts";

await setEnvironment();

const folder = mkdtempSync(join(tmpdir(), "rollcall-adapt-"));
after(() => rmSync(folder, { recursive: true }));

/** An API server that says who its front proxy is, whom it lets do what, and which pods it has. */
const startCluster = async (name: string) => {
  const authority = createAuthority(`front-proxy-${name}`);
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    const answers: Readonly<Record<string, object>> = {
      "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication": {
        kind: "ConfigMap",
        data: { "requestheader-client-ca-file": authority.cert },
      },
      "/apis/authorization.k8s.io/v1/subjectaccessreviews": {
        kind: "SubjectAccessReview",
        status: { allowed: true },
      },
      "/api/v1/namespaces/shop/pods": {
        kind: "PodList",
        metadata: { resourceVersion: "1" },
        items: [{ metadata: { name: "web", namespace: "shop" } }],
      },
    };
    const body = answers[path];
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body ?? {}));
  });
  const port = await listening(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${port}`;
  const kubeconfig = join(folder, `${name}.kubeconfig`);
  const cluster = { name: "c", cluster: { server: url, "insecure-skip-tls-verify": true } };
  const context = { name: "x", context: { cluster: "c", user: "u" } };
  const document = {
    ...{ apiVersion: "v1", kind: "Config", clusters: [cluster], contexts: [context], "current-context": "x" },
    users: [{ name: "u", user: {} }],
  };
  writeFileSync(kubeconfig, JSON.stringify(document));
  const proxy = issueFor(authority, { subject: "/CN=front-proxy-client", usage: "clientAuth" });
  return { kubeconfig, proxy };
};

const asked = async (host: string, certificate: string | undefined, path: string) => {
  const { handler } = await import("../../functions/adapt.ts");
  const headers = {
    host: [`${host}:443`],
    "x-remote-user": ["hpa"],
    ...(certificate && { "x-amzn-mtls-clientcert-leaf": [inHeader(certificate)] }),
  };
  const event = {
    requestContext: { elb: { targetGroupArn: "arn" } },
    httpMethod: "GET",
    path,
    multiValueHeaders: headers,
    multiValueQueryStringParameters: {},
    body: "",
    isBase64Encoded: false,
  };
  const answer = await handler(event, { awsRequestId: "request", getRemainingTimeInMillis: () => 29_000 });
  return { status: answer.statusCode, body: answer.body };
};

describe("the function that answers aggregators", () => {
  test("answers each cluster's own, by name and by its front proxy's certificate", async () => {
    const { table } = openTable();
    const [eu, us] = [await startCluster("eu"), await startCluster("us")];
    const entry = (name: string, { kubeconfig }: { kubeconfig: string }) =>
      `- {cluster: ${name}, host: ${name}.example, kubeconfig_file: ${kubeconfig}}`;
    await accept({ settings: `adapters:\n${entry("prod-eu", eu)}\n${entry("prod-us", us)}\n` });
    const timestamp = Math.floor(Date.now() / 60_000) * 60_000;
    await createDynamoStore(table, Date.now).append({ ...smallBatch(), cluster: "prod-eu", timestamp });

    const pods = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods";
    const found = await asked("prod-eu.example", eu.proxy.cert, pods);
    assert.equal(found.status, 200, found.body);
    assert.equal(JSON.parse(found.body).items[0].metadata.name, "web");
    const other = await asked("prod-us.example", us.proxy.cert, pods);
    assert.deepEqual([other.status, JSON.parse(other.body).items], [200, []]);
    assert.equal((await asked("prod-us.example", eu.proxy.cert, pods)).status, 401);
    assert.equal((await asked("prod-eu.example", us.proxy.cert, pods)).status, 401);
    assert.equal((await asked("elsewhere.example", eu.proxy.cert, pods)).status, 421);
    assert.deepEqual(await asked("", undefined, "/healthz"), { status: 200, body: "ok" });
  });
});
