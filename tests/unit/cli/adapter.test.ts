import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { createAuthority } from "../http/support/certificates.ts";
import { folderFor, rollcall } from "./run.ts";

const render = async (...words: string[]) => {
  const { out, err, code } = await rollcall(["adapter", "manifests", ...words]);
  return { objects: parseAllDocuments(out).map((document) => document.toJS()), err, code };
};

const endpoint = ["--endpoint", "metrics.example:6443"];

describe("rollcall adapter manifests", () => {
  test("names the endpoint, and registers every version of every API at it", async () => {
    const { objects, code } = await render(...endpoint);
    assert.equal(code, 0);
    const service = objects.find(({ kind }) => kind === "Service");
    assert.deepEqual(
      [service.metadata, service.spec.type, service.spec.externalName],
      [{ name: "rollcall-adapter", namespace: "rollcall" }, "ExternalName", "metrics.example"],
    );
    const services = objects.filter(({ kind }) => kind === "APIService");
    assert.deepEqual(
      services.map(({ metadata, spec }) => [metadata.name, spec.versionPriority]),
      [
        ["v1beta1.custom.metrics.k8s.io", 100],
        ["v1beta2.custom.metrics.k8s.io", 200],
        ["v1beta1.external.metrics.k8s.io", 100],
        ["v1beta1.metrics.k8s.io", 100],
      ],
    );
    for (const { metadata, spec } of services) {
      assert.equal(metadata.name, `${spec.version}.${spec.group}`);
      assert.deepEqual(spec.service, { name: "rollcall-adapter", namespace: "rollcall", port: 6443 });
      assert.equal(spec.insecureSkipTLSVerify, true);
    }
  });

  test("gives the account the rights to ask who is who and who may what, and to list", async () => {
    const { objects } = await render(...endpoint, "--resource", "deployments.apps", "--group", "adapters");
    // An API server asks as soon as it hears of an APIService.
    const kinds: string[] = objects.map(({ kind }) => kind);
    assert.ok(kinds.findLastIndex((kind) => kind.includes("Role")) < kinds.indexOf("APIService"));
    const role = objects.find(
      ({ kind, metadata }) => kind === "ClusterRole" && metadata.name === "rollcall-adapter",
    );
    assert.deepEqual(role.rules, [
      { apiGroups: [""], resources: ["namespaces", "nodes", "pods", "services"], verbs: ["list"] },
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"] },
    ]);
    const bindings = objects.filter(
      ({ kind, metadata }) => /Binding$/.test(kind) && metadata.name !== "rollcall-adapter-metrics-reader",
    );
    assert.deepEqual(
      bindings.map(({ roleRef, metadata }) => [roleRef.name, metadata.namespace]),
      [
        ["system:auth-delegator", undefined],
        ["extension-apiserver-authentication-reader", "kube-system"],
        ["rollcall-adapter", undefined],
      ],
    );
    for (const { subjects } of bindings)
      assert.deepEqual(subjects, [
        { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "adapters" },
      ]);
    assert.equal(
      objects.some(({ kind }) => kind === "ServiceAccount"),
      false,
    );
  });

  test("lets viewers see what pods and nodes use, and only the autoscaler other metrics", async () => {
    const { objects } = await render(...endpoint);
    const aggregated = objects.filter(({ metadata }) =>
      Object.keys(metadata.labels ?? {}).some((label) => label.includes("aggregate-to-")),
    );
    const verbs = ["get", "list"];
    assert.deepEqual(
      aggregated.map(({ rules }) => rules),
      [[{ apiGroups: ["metrics.k8s.io"], resources: ["nodes", "pods"], verbs }]],
    );
    const [role, binding, ...more] = objects.filter(
      ({ metadata }) => metadata.name === "rollcall-adapter-metrics-reader",
    );
    assert.deepEqual(more, []);
    assert.deepEqual(role.rules, [
      { apiGroups: ["custom.metrics.k8s.io"], resources: ["*"], verbs },
      { apiGroups: ["external.metrics.k8s.io"], resources: ["*"], verbs },
    ]);
    assert.equal(binding.roleRef.name, role.metadata.name);
    assert.deepEqual(binding.subjects, [
      { kind: "ServiceAccount", name: "horizontal-pod-autoscaler", namespace: "kube-system" },
    ]);
  });

  test("registers some APIs only, and has the endpoint's certificate verified", async (context) => {
    const { cert } = createAuthority("serving-ca");
    const file = join(folderFor(context), "ca.pem");
    writeFileSync(file, cert);
    const words = ["--endpoint", "metrics.example", "--api", "metrics.k8s.io", "--ca-file", file];
    const { objects } = await render(...words);
    const services = objects.filter(({ kind }) => kind === "APIService");
    assert.equal(services.length, 1);
    assert.equal(Buffer.from(services[0].spec.caBundle, "base64").toString(), cert);
    assert.equal(services[0].spec.insecureSkipTLSVerify, undefined);
    assert.equal(services[0].spec.service.port, 443);
    const reader = objects.find(({ metadata }) => metadata.name === "rollcall-adapter-reader");
    assert.deepEqual(reader.rules, [
      { apiGroups: ["metrics.k8s.io"], resources: ["nodes", "pods"], verbs: ["get", "list"] },
    ]);
    assert.ok(!objects.some(({ metadata }) => metadata.name === "rollcall-adapter-metrics-reader"));
  });

  const wrong: [string, string[], RegExp][] = [
    ["no endpoint", [], /needs --endpoint HOST\[:PORT\]/],
    ["an address", ["--endpoint", "10.0.0.1:443"], /--endpoint 10\.0\.0\.1:443: expected HOST/],
    ["a URL", ["--endpoint", "https://x"], /expected HOST/],
    ["a port that is none", ["--endpoint", "x:70000"], /expected HOST/],
    ["another API", [...endpoint, "--api", "apps"], /--api apps: expected custom\.metrics\.k8s\.io/],
    ["a name that is none", [...endpoint, "--name", "X"], /--name X: expected small letters/],
    ["a file that is not there", [...endpoint, "--ca-file", "/nowhere"], /--ca-file \/nowhere: /],
    ["a group of Kubernetes's own", [...endpoint, "--group", "system:masters"], /--group system:masters/],
  ];
  for (const [what, words, message] of wrong)
    test(`refuses ${what}`, async () => {
      const { err, code } = await render(...words);
      assert.equal(code, 2);
      assert.match(err, message);
    });
});
