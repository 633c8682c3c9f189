import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainClient } from "../http/support/config.ts";
import { ruleOf } from "../relabel/rules.ts";
import {
  answerOf,
  ask,
  endpointsId,
  jobWith,
  pod,
  podProvider,
  podsId,
  services,
  type World,
  web1,
} from "./world.ts";

describe("what is asked about is found:", () => {
  test("a pod through its service in a job of endpoints", async () => {
    const group = {
      source: "endpoints/shop/web",
      labels: { __meta_kubernetes_namespace: "shop", __meta_kubernetes_service_name: "web" },
      targets: ["web-1", "web-2"].map((name, at) => ({
        __address__: `10.0.0.${at}:80`,
        __meta_kubernetes_endpoint_address_target_kind: "Pod",
        __meta_kubernetes_endpoint_address_target_name: name,
      })),
    };
    const world = { ...services, groups: { [endpointsId]: [group] } };
    const answer = await answerOf(web1, world);
    assert.equal(answer.targetCount, 1);
    assert.match(
      answer.steps.find(({ step }) => step === "built")?.detail ?? "",
      /1 target in endpoints\/shop\/web/,
    );
    assert.equal((await answerOf("svc/shop/web", world)).targetCount, 2);
  });

  const static9 = { source: "3", labels: {}, targets: [{ __address__: "[fd00::1]:9100" }] };
  const asked: [string, string, World][] = [
    ["an address", "10.0.0.1:8080", {}],
    ["an address without its port", "10.0.0.1", {}],
    ["the pod's bare name", "web-1", {}],
    ["final labels", '{instance="10.0.0.1:8080"}', {}],
    ["discovered labels", '{__meta_kubernetes_pod_name=~"web.*"}', {}],
    [
      "an address that a rule gave another port",
      "10.0.0.1:9090",
      {
        jobs: [
          jobWith(
            "pods",
            ruleOf({
              sourceLabels: ["__address__"],
              regex: "(.*):.*",
              targetLabel: "__address__",
              replacement: "$1:9090",
            }),
          ),
        ],
      },
    ],
    [
      "an address that a rule set",
      "prober:9115",
      { jobs: [jobWith("pods", ruleOf({ targetLabel: "__address__", replacement: "prober:9115" }))] },
    ],
    ["an IPv6 address, however it is written", "[FD00:0::1]:9100", { groups: { [podsId]: [static9] } }],
    ["a source", "/a/b.json:0", { groups: { [podsId]: [{ ...static9, source: "/a/b.json:0" }] } }],
    [
      "a container, without Docker's slash",
      "container/web",
      {
        providers: [
          podProvider({
            config: {
              mechanism: "docker",
              host: "unix:///var/run/docker.sock",
              port: 80,
              filters: [],
              refreshInterval: 60_000,
              httpClient: plainClient,
              hostNetworkingHost: "localhost",
              matchFirstNetwork: true,
            },
          }),
        ],
        groups: {
          [podsId]: [
            {
              source: "Docker",
              labels: {},
              targets: [{ __meta_docker_container_name: "/web", __address__: "a:1" }],
            },
          ],
        },
      },
    ],
  ];
  for (const [name, object, world] of asked) {
    test(`a pod by ${name}`, async () => {
      const answer = await answerOf(object, world);
      assert.equal(answer.verdict, "served", answer.sentence);
      assert.equal(answer.targetCount, 1);
    });
  }

  test("a name that is in several namespaces by asking back", async () => {
    const groups = { [podsId]: [pod("web-1", ["10.0.0.1:1"]), pod("web-1", ["10.0.0.2:1"], "test")] };
    assert.deepEqual(await ask("web-1", { groups }), {
      error: "web-1 may be pod/shop/web-1, pod/test/web-1: say which",
    });
    assert.ok("answers" in (await ask("test/web-1", { groups })));
  });
});
