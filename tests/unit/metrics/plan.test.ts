import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";
import { planCollections } from "../../../lib/metrics/plan.ts";

const { configuration } = parseConfiguration({ main: { path: "prometheus.yml", text: "" }, jobFiles: [] });
const servers = { "/etc/kube.conf": "https://127.0.0.1:7443", "/etc/b.conf": "https://127.0.0.1:2443" };
const fleet = `
clusters:
- {name: prod-a, api_server: "https://127.0.0.1:1443", authorization: {credentials_file: token}}
- {name: prod-b, kubeconfig_file: b.conf}
- {name: test, api_server: "https://127.0.0.1:3443"}
- {name: swarm, masters: ["http://127.0.0.1:2375"]}
`;
const plan = (sources: string[], clusters = fleet) => {
  const text = `${clusters}\nmetrics: {sources: ${JSON.stringify(sources)}}`;
  return planCollections(parseSettings({ path: "/etc/rollcall.yml", text }, configuration), servers);
};
const shown = (sources: string[], clusters?: string) =>
  plan(sources, clusters).collections.map(({ cluster, clusterName, access, server }) =>
    [cluster, clusterName ?? "-", access.kind, server ?? "-"].join(" "),
  );

describe("the clusters whose metrics are collected", () => {
  test("are all of the settings for a source without an address, or those whose names fit", () => {
    assert.deepEqual(shown(["kubernetes:"]), [
      "prod-a prod-a api-server -",
      "prod-b prod-b kubeconfig -",
      "test test api-server -",
    ]);
    assert.deepEqual(shown(["kubernetes:?cluster=prod-*"]), [
      "prod-a prod-a api-server -",
      "prod-b prod-b kubeconfig -",
    ]);
  });

  test("are the one around us when the settings name none", () => {
    assert.deepEqual(shown(["kubernetes:''"], ""), ["in-cluster - in-cluster -"]);
  });

  test("are known to the settings by their address, and asked with the credentials from there", () => {
    assert.deepEqual(shown(["kubernetes:https://127.0.0.1:2443"]), ["prod-b prod-b kubeconfig -"]);
    assert.deepEqual(shown(["kubernetes:https://127.0.0.1:9443"]), [
      "https://127.0.0.1:9443 - in-cluster https://127.0.0.1:9443",
    ]);
  });

  test("are reached by a kubeconfig of their own, elsewhere if an address is written", () => {
    const auth = "inClusterConfig=false&auth=kube.conf";
    assert.deepEqual(shown([`kubernetes:?${auth}`]), ["https://127.0.0.1:7443 - kubeconfig -"]);
    assert.deepEqual(shown([`kubernetes:https://127.0.0.1:3443?${auth}`]), [
      "test test kubeconfig https://127.0.0.1:3443",
    ]);
  });

  test("are reached without credentials, or with the mounted token alone", () => {
    const [bare] = plan(["kubernetes:http://127.0.0.1:8080?inClusterConfig=false"], "").collections;
    assert.ok(bare?.access.kind === "api-server");
    assert.equal(bare.access.httpClient.authorization, undefined);
    const [mounted] = plan([
      "kubernetes:https://127.0.0.1:8443?inClusterConfig=0&useServiceAccount=1&insecure=1",
    ]).collections;
    assert.ok(mounted?.access.kind === "api-server");
    assert.match(mounted.access.httpClient.authorization?.credentialsFile ?? "", /serviceaccount\/token$/);
    assert.equal(mounted.access.httpClient.tls.insecureSkipVerify, true);
  });

  test("have one source each, and every source a cluster, else it is said", () => {
    const { collections, problems } = plan([
      "kubernetes:",
      "kubernetes.summary_api:?cluster=test",
      "kubernetes:?cluster=x",
    ]);
    assert.equal(collections.length, 3);
    assert.equal(collections[2]?.source.kind, "kubernetes");
    assert.deepEqual(problems, [
      "test has more than one source",
      "no cluster of the settings fits source kubernetes",
    ]);
  });
});
