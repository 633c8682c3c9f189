import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMapper } from "../../../../lib/adapter/mapper/known.ts";
import { clusterResources } from "../cluster.ts";

const mapper = createMapper(clusterResources);

describe("the REST mapping (spec B4)", () => {
  const cases: [string, string | undefined, string | undefined][] = [
    ["pods", undefined, "pods."],
    ["pod", undefined, "pods."],
    ["Pod", undefined, "pods."],
    ["DEPLOYMENTS", "apps", "deployments.apps"],
    ["deployment", "", "deployments.apps"],
    ["event", undefined, "events."],
    ["event", "events.k8s.io", "events.events.k8s.io"],
    ["ingress", undefined, "ingresses.extensions"],
    ["ingress", "networking", "ingresses.networking.k8s.io"],
    ["ingress", "networking.k8s.io", "ingresses.networking.k8s.io"],
    ["job", undefined, "jobs.batch"],
    ["job", "apps", undefined],
    ["pod", "Apps", undefined],
    ["namespace", undefined, "namespaces."],
    ["toString", undefined, undefined],
    ["", undefined, undefined],
  ];
  for (const [resource, group, expected] of cases) {
    test(`finds ${expected ?? "nothing"} for ${JSON.stringify(resource)} of ${group ?? "any group"}`, () => {
      const found = mapper.resourceFor(resource, group);
      assert.equal(found && `${found.resource}.${found.group}`, expected);
    });
  }
});
