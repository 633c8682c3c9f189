import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { folderFor, rollcall } from "./run.ts";

const render = async (
  context: TestContext,
  blocks: string,
  words: readonly string[] = [],
  settings?: string,
) => {
  const folder = folderFor(context);
  const [config, second] = [join(folder, "prometheus.yml"), join(folder, "rollcall.yml")];
  writeFileSync(config, `scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [${blocks}]\n`);
  if (settings !== undefined) writeFileSync(second, settings);
  const more = settings === undefined ? [] : ["--settings", second];
  const { out, err, code } = await rollcall(["rbac", "--config", config, ...more, ...words]);
  return { objects: parseAllDocuments(out).map((document) => document.toJS()), err, code };
};

const rulesOf = (objects: readonly { kind: string; metadata: { namespace?: string }; rules?: object[] }[]) =>
  objects.flatMap(({ kind, metadata, rules }) =>
    (rules ?? []).map((rule) => ({ in: metadata.namespace ?? kind, ...rule })),
  );
const verbs = ["list", "watch"];

describe("rollcall rbac", () => {
  test("makes a service account that may list and watch what a role reads, and nothing else", async (context) => {
    const { objects } = await render(
      context,
      "{role: pod, api_server: 'https://k', attach_metadata: {node: true}}",
    );
    assert.deepEqual(
      objects.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace]),
      [
        ["ServiceAccount", "rollcall", "rollcall"],
        ["ClusterRole", "rollcall", undefined],
        ["ClusterRoleBinding", "rollcall", undefined],
      ],
    );
    assert.deepEqual(rulesOf(objects), [
      { in: "ClusterRole", apiGroups: [""], resources: ["nodes", "pods"], verbs },
    ]);
    assert.deepEqual(objects[2].subjects, [
      { kind: "ServiceAccount", name: "rollcall", namespace: "rollcall" },
    ]);
  });

  const cases: [block: string, rules: object[]][] = [
    ["role: service", [{ apiGroups: [""], resources: ["services"], verbs }]],
    ["role: node", [{ apiGroups: [""], resources: ["nodes"], verbs }]],
    ["role: ingress", [{ apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs }]],
    ["role: endpoints", [{ apiGroups: [""], resources: ["endpoints", "pods", "services"], verbs }]],
    [
      "role: endpointslice",
      [
        { apiGroups: [""], resources: ["pods", "services"], verbs },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs },
      ],
    ],
    [
      "role: pod, attach_metadata: {namespace: true, deployment: true, job: true, cronjob: true}",
      [
        { apiGroups: [""], resources: ["namespaces", "pods"], verbs },
        { apiGroups: ["apps"], resources: ["replicasets"], verbs },
        { apiGroups: ["batch"], resources: ["jobs"], verbs },
      ],
    ],
  ];
  for (const [block, rules] of cases) {
    test(`gives what is read for ${block}`, async (context) => {
      const { objects } = await render(context, `{${block}, api_server: 'https://k'}`);
      assert.deepEqual(objects[1].rules, rules);
    });
  }

  test("keeps to single namespaces where the blocks do, and gives nothing twice", async (context) => {
    const { objects } = await render(
      context,
      "{role: pod, api_server: 'https://k', namespaces: {names: [shop, data]}}, {role: service, api_server: 'https://k', namespaces: {names: [shop]}}, {role: service, api_server: 'https://k'}",
    );
    assert.deepEqual(rulesOf(objects), [
      { in: "ClusterRole", apiGroups: [""], resources: ["services"], verbs },
      { in: "data", apiGroups: [""], resources: ["pods"], verbs },
      { in: "shop", apiGroups: [""], resources: ["pods"], verbs },
    ]);
  });

  test("takes the account's namespace for the own one", async (context) => {
    const { objects } = await render(context, "{role: pod, namespaces: {own_namespace: true}}", [
      "--namespace",
      "watch",
    ]);
    assert.deepEqual(rulesOf(objects), [{ in: "watch", apiGroups: [""], resources: ["pods"], verbs }]);
  });

  test("gives the rights to a group instead", async (context) => {
    const { objects } = await render(context, "{role: node, api_server: 'https://k'}", [
      "--group",
      "readers",
      "--name",
      "sd",
    ]);
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["ClusterRole", "ClusterRoleBinding"],
    );
    assert.deepEqual(objects[1].subjects, [
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "readers" },
    ]);
  });

  test("is of one cluster, which must be named among several", async (context) => {
    const settings =
      "clusters: [{name: a, api_server: 'https://a'}, {name: b, api_server: 'https://b'}]\njobs: [{name: a, clusters: [a, b]}]\n";
    const { err, code } = await render(context, "{role: pod}", [], settings);
    assert.deepEqual([code, err], [2, "rollcall: --cluster NAME: expected one of a, b\n"]);
    assert.equal((await render(context, "{role: pod}", ["--cluster", "b"], settings)).objects.length, 3);
  });

  test("says in one line what is wrong with its words", async (context) => {
    const wrong: [words: string[], line: RegExp][] = [
      [["--group", "system:masters"], /--group system:masters: groups of system: are Kubernetes' own/],
      [["--group", "x", "--namespace", "y"], /--namespace is for a service account/],
      [["--name", "A/b"], /--name A\/b: expected small letters/],
    ];
    for (const [words, line] of wrong) {
      const { code, err } = await render(context, "{role: pod}", words);
      assert.equal(code, 2);
      assert.match(err, line);
    }
  });
});
