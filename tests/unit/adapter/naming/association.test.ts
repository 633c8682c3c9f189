import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRules } from "../../../../lib/adapter/config/parse.ts";
import { createMapper } from "../../../../lib/adapter/mapper/known.ts";
import { createAssociation, keyOf } from "../../../../lib/adapter/naming/association.ts";
import { Unbuildable } from "../../../../lib/adapter/registry/registry.ts";
import { clusterResources } from "../cluster.ts";

const mapper = createMapper(clusterResources);

const associated = (resources: string) => {
  const text = `rules: [{seriesQuery: x, resources: ${resources}}]`;
  const [rule] = parseRules({ path: "adapter.yml", text }).rules;
  assert.ok(rule);
  return createAssociation(rule.resources, mapper);
};

const asked = (resources: string, labels: readonly string[]) => {
  const series = Object.fromEntries(labels.map((label) => [label, "x"]));
  const found = associated(resources).resourcesOf(series);
  return `${found.resources.map(keyOf).sort().join(",")}${found.namespaced ? " namespaced" : ""}`;
};

describe("what the labels of a series are about (spec B4)", () => {
  const overrides =
    "{overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}, pv: {resource: persistentvolume}}}";
  const template = '{template: "kube_<<.Group>>_<<.Resource>>"}';
  const plain = '{template: "<<.Resource>>"}';
  const cases: [string, string, readonly string[], string][] = [
    ["overrides", overrides, ["namespace", "pod"], "namespaces,pods namespaced"],
    ["namespaces alone are at the root", overrides, ["namespace"], "namespaces"],
    ["nodes alone are at the root", overrides, ["node"], "nodes"],
    ["persistent volumes are at the root", overrides, ["pv", "node"], "nodes,persistentvolumes"],
    ["a label that is no resource makes it namespaced", overrides, ["node", "instance"], "nodes namespaced"],
    ["nothing at all", overrides, ["instance"], " namespaced"],
    ["a template with a group", template, ["kube_apps_deployment", "other"], "deployments.apps namespaced"],
    ["a template's label without such a resource is not looked at", template, ["kube_apps_nothing"], ""],
    [
      "a group of which it is the beginning",
      template,
      ["kube_networking_ingress"],
      "ingresses.networking.k8s.io namespaced",
    ],
    [
      "a template of the resource alone takes any label",
      plain,
      ["job", "service", "pods", "instance"],
      "jobs.batch,pods,services namespaced",
    ],
    [
      "cluster resources that are not of the three are namespaced",
      plain,
      ["brand"],
      "brands.cheese.io namespaced",
    ],
    [
      "an override before the template",
      '{template: "<<.Resource>>", overrides: {job: {resource: pod}}}',
      ["job"],
      "pods namespaced",
    ],
    ["neither overrides nor template", "{}", ["namespace"], " namespaced"],
  ];
  for (const [what, resources, labels, expected] of cases) {
    test(`${what}: ${labels.join(", ")}`, () => assert.equal(asked(resources, labels), expected));
  }

  test("an override that the cluster does not have is refused", () => {
    assert.throws(
      () => associated("{overrides: {brand: {group: wine.io, resource: brand}}}"),
      /the cluster has no resource brand\.wine\.io/,
    );
  });
});

describe("the label of a resource", () => {
  const labelOf = (resources: string, resource: string) => {
    const found = mapper.resourceFor(resource);
    assert.ok(found);
    return associated(resources).labelOf(found);
  };
  test("is that of its override", () => {
    assert.equal(labelOf("{overrides: {the_pod: {resource: pods}}}", "pod"), "the_pod");
  });
  test("is the first of two by name", () => {
    assert.equal(labelOf("{overrides: {b: {resource: pods}, a: {resource: pod}}}", "pod"), "a");
  });
  test("is the template filled in with the singular", () => {
    assert.equal(labelOf('{template: "kube_<<.Resource>>"}', "pods"), "kube_pod");
  });
  test("has the group's dots and dashes as underscores", () => {
    const found = mapper.resourceFor("ingress", "networking.k8s.io");
    assert.ok(found);
    assert.equal(
      associated('{template: "<<.Group>>_<<.Resource>>"}').labelOf(found),
      "networking_k8s_io_ingress",
    );
  });
  test("is missing without both", () => {
    assert.throws(() => labelOf("{overrides: {pod: {resource: pod}}}", "namespace"), Unbuildable);
  });
  test("may not be empty", () => {
    assert.throws(
      () => labelOf('{template: "<<if eq .Resource `pod`>><<else>><<.Resource>><<end>>"}', "pod"),
      /empty label/,
    );
  });
  test("may not fail to be made", () => {
    const template =
      '{template: "<<if eq .Resource `pod`>><<index .Resource 99>><<else>><<.Resource>><<end>>"}';
    assert.throws(() => labelOf(template, "pod"), Unbuildable);
  });
});
