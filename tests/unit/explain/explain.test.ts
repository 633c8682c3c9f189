import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Reason, reasons, type StepName } from "../../../lib/explain/reason.ts";
import { shardOf } from "../../../lib/httpsd/shard.ts";
import { job } from "../../fakes/jobs.ts";
import { provider } from "../../fakes/providers.ts";
import { kubernetesConfig } from "../../fakes/sdconfigs.ts";
import { plainClient } from "../http/support/config.ts";
import { ruleOf } from "../relabel/rules.ts";
import { answerOf, ask, cluster, jobWith, now, pod, podProvider, podsId, type World, well } from "./world.ts";

const web1 = "pod/shop/web-1";
const failing = (lastError: string) => [well({ lastError })];
const nothing = { groups: {} };
const selectors = [{ role: "pod" as const, label: "team=shop", field: "" }];
const endpointsId = "kubernetes/00000000000b";
const endpoints = provider({
  id: endpointsId,
  config: kubernetesConfig({ role: "endpoints" }),
  cluster,
  jobs: ["services"],
});
const services = {
  jobs: [job("services")],
  providers: [endpoints, podProvider()],
  statuses: [well(), well({ provider: endpointsId })],
};
const otherShard = shardOf({ __address__: "10.0.0.1:8080" }, 2) === 0 ? 1 : 0;

interface Case {
  readonly reason: Reason;
  /** What is asked for; the pod unless told. */
  readonly object?: string;
  readonly world: World;
  readonly verdict?: string;
  /** Where the road ends; nowhere for what is served. */
  readonly at?: StepName;
  /** That step's `ok`; false unless told. */
  readonly ok?: null;
  readonly sentence: RegExp;
}

const cases: Case[] = [
  {
    reason: "served",
    world: {},
    verdict: "served",
    sentence:
      /^pod\/shop\/web-1 is served to job pods as 1 target; no reader has asked for the job's list in the last seven days\.$/,
  },
  {
    reason: "served_stale",
    world: { statuses: failing("https://127.0.0.1:6403: connect ECONNREFUSED") },
    verdict: "served",
    at: "reachable",
    sentence: /is served to job pods as 1 target, as it was last seen, since .*ECONNREFUSED; no reader/,
  },
  {
    reason: "served_guarded",
    world: { statuses: [well({ guard: { since: now - 60_000, sources: 20, targets: 40 } })] },
    verdict: "served",
    at: "guarded",
    ok: null,
    sentence:
      /though it may be gone: the guard holds back the removal of 20 groups of kubernetes\/00000000000a since 2026-11-23T03:59:00\.000Z/,
  },
  {
    reason: "dropped",
    world: {
      jobs: [
        jobWith(
          "pods",
          ruleOf({ targetLabel: "team", replacement: "shop" }),
          ruleOf({ action: "keep", sourceLabels: ["__meta_kubernetes_namespace", "team"], regex: "test;.*" }),
        ),
      ],
    },
    at: "relabelled",
    sentence:
      /: 10\.0\.0\.1:8080 is dropped by relabel rule 2 \(keep, source_labels \[__meta_kubernetes_namespace, team\], regex "test;\.\*"\), which saw "shop;shop"\.$/,
  },
  {
    reason: "invalid_target",
    world: { jobs: [jobWith("pods", ruleOf({ targetLabel: "__address__", replacement: "" }))] },
    at: "relabelled",
    sentence: /: 10\.0\.0\.1:8080 cannot be scraped: no address\.$/,
  },
  {
    reason: "other_shard",
    world: { shard: { index: otherShard, of: 2 } },
    at: "sharded",
    sentence: /: 10\.0\.0\.1:8080 is in shard \d of 2, not in shard \d\.$/,
  },
  {
    reason: "list_withheld",
    world: { withheld: "its first look is still under way" },
    at: "served",
    sentence: /: no list of the job is given out yet, since its first look is still under way\.$/,
  },
  {
    reason: "list_withheld",
    world: { ...nothing, withheld: "1 of 2 target groups of its first look have arrived" },
    at: "listed",
    sentence: /: 1 of 2 target groups of its first look have arrived\.$/,
  },
  {
    reason: "removed",
    world: {
      ...nothing,
      removals: [{ provider: podsId, source: web1, at: now - 300_000, epoch: 1_795_000_000 }],
    },
    at: "built",
    sentence:
      /: it was removed 5 minutes ago, at 2026-11-23T03:55:00\.000Z, when kubernetes\/00000000000a \(epoch 1795000000\) no longer found pod\/shop\/web-1; it was deleted, /,
  },
  {
    reason: "not_selected",
    world: {
      groups: { "kubernetes/00000000000c": [pod("web-1", ["10.0.0.1:8080"])] },
      providers: [
        podProvider({ config: kubernetesConfig({ role: "pod", selectors }) }),
        podProvider({ id: "kubernetes/00000000000c", jobs: ["others"] }),
      ],
    },
    at: "listed",
    sentence:
      /: it is there \(kubernetes\/00000000000c sees it\), but the job's selectors \(pod label team=shop\) leave it out\.$/,
  },
  {
    reason: "maybe_not_selected",
    world: { ...nothing, providers: [podProvider({ config: kubernetesConfig({ role: "pod", selectors }) })] },
    at: "listed",
    ok: null,
    sentence: /selectors \(pod label team=shop\) leave it out; which of the two cannot be known here\.$/,
  },
  {
    reason: "not_in_endpoints",
    world: services,
    at: "built",
    sentence:
      /is not served to job services: it is there \(kubernetes\/00000000000a sees it\), but no Endpoints /,
  },
  {
    reason: "no_targets",
    object: "0",
    world: {
      ...nothing,
      providers: [
        podProvider({ config: { mechanism: "static", groups: [{ source: "0", labels: {}, targets: [] }] } }),
      ],
    },
    at: "built",
    sentence: /: the static_configs entry has no targets\.$/,
  },
  {
    reason: "never_seen",
    world: nothing,
    at: "listed",
    sentence: /: no look has found it, the last one 12 seconds ago, and history has no removal of it\.$/,
  },
  {
    reason: "never_seen",
    world: { ...nothing, removals: undefined },
    at: "listed",
    sentence: /; no history is kept, so whether it once was is not known\.$/,
  },
  {
    reason: "never_seen",
    object: "10.0.0.1:9999",
    world: {},
    at: "listed",
    sentence: /12 seconds ago; at that host it has 10\.0\.0\.1:8080; no history is kept, so /,
  },
  {
    reason: "never_seen",
    object: "10.0.0.9:80",
    world: { past: { removals: [], changes: 12, isWhole: true } },
    at: "listed",
    sentence: /12 seconds ago, and history has no removal of it\.$/,
  },
  {
    reason: "never_seen",
    object: "10.0.0.9:80",
    world: { past: { removals: [], changes: 500, isWhole: false } },
    at: "listed",
    sentence: /; none of the last 500 changes took it away, and older ones are not searched for addresses\.$/,
  },
  {
    reason: "removed",
    object: "10.0.0.9:80",
    world: {
      past: {
        removals: [
          { provider: podsId, source: "pod/shop/web-1", at: now - 300_000, epoch: 7, isUpdate: true },
        ],
        changes: 500,
        isWhole: false,
      },
    },
    at: "built",
    sentence:
      /: it went 5 minutes ago, at .*, when kubernetes\/00000000000a \(epoch 7\) found pod\/shop\/web-1 without it\.$/,
  },
  {
    reason: "not_looked_yet",
    world: { ...nothing, statuses: [] },
    at: "reachable",
    sentence: /: no look at https:\/\/127\.0\.0\.1:6403 has ended yet\.$/,
  },
  {
    reason: "unreachable",
    world: { ...nothing, statuses: failing("https://127.0.0.1:6403: connect ECONNREFUSED") },
    at: "reachable",
    sentence: /: https:\/\/127\.0\.0\.1:6403: connect ECONNREFUSED\.$/,
  },
  {
    reason: "unauthorized",
    world: { ...nothing, statuses: failing("GET https://127.0.0.1:6403/api/v1/pods: 401 Unauthorized") },
    at: "allowed",
    sentence: /401 Unauthorized\.$/,
  },
  {
    reason: "forbidden",
    world: {
      ...nothing,
      statuses: failing("GET https://127.0.0.1:6403/api/v1/namespaces/shop/pods: 403 Forbidden: no"),
    },
    at: "allowed",
    sentence: /403 Forbidden: no\.$/,
  },
  {
    reason: "provider_failing",
    world: { ...nothing, statuses: failing("GET https://127.0.0.1:6403/api/v1/pods: expected a JSON list") },
    at: "listed",
    sentence: /expected a JSON list\.$/,
  },
  {
    reason: "stale",
    world: {
      ...nothing,
      statuses: [well({ lastAttempt: now - 7_200_000, lastSuccess: now - 7_200_000 })],
    },
    at: "reachable",
    sentence: /: nobody has looked at https:\/\/127\.0\.0\.1:6403 since the last look, 2 hours ago\.$/,
  },
  {
    reason: "namespace_not_covered",
    world: {
      ...nothing,
      providers: [
        podProvider({
          config: kubernetesConfig({ role: "pod", namespaces: { names: ["a", "b"], ownNamespace: false } }),
        }),
      ],
    },
    at: "listed",
    sentence: /: its blocks look at the namespaces a, b, not at shop\.$/,
  },
  {
    reason: "role_mismatch",
    object: "svc/shop/web",
    world: {},
    at: "listed",
    sentence: /: its discovery blocks \(kubernetes role pod\) make no targets of a service\.$/,
  },
  {
    reason: "no_discovery",
    world: { providers: [] },
    at: "listed",
    sentence: /: the job has no discovery block that you may see\.$/,
  },
];

describe("why something is a target, or is not", () => {
  for (const { reason, object = web1, world, verdict = "not served", at, ok = false, sentence } of cases) {
    test(`${reason}: ${sentence.source.slice(0, 70)}`, async () => {
      const answer = await answerOf(object, world);
      assert.equal(answer.reason, reason, answer.sentence);
      assert.equal(answer.verdict, verdict);
      assert.match(answer.sentence, sentence);
      const failed = answer.steps.find((step) => step.ok === false);
      assert.equal(failed?.step, ok === null ? undefined : at);
      if (at !== undefined) assert.equal(answer.steps.find(({ step }) => step === at)?.ok, ok);
    });
  }

  test("every documented reason has a case here", () => {
    const told = new Set(cases.map(({ reason }) => reason));
    assert.deepEqual([...told].sort(), [...reasons].sort());
  });
});

describe("what was found", () => {
  test("is partly served when the rules drop one of two targets, with the dropped one in front", async () => {
    const jobs = [
      jobWith("pods", ruleOf({ action: "drop", sourceLabels: ["__address__"], regex: ".*:8080" })),
    ];
    const groups = { [podsId]: [pod("web-1", ["10.0.0.1:9090", "10.0.0.1:8080"])] };
    const answer = await answerOf("shop/web-1", { jobs, groups });
    assert.equal(answer.verdict, "partly");
    assert.match(answer.sentence, /^1 of 2 targets of pod\/shop\/web-1 are served to job pods, 1 is not: 10/);
    assert.deepEqual(
      answer.targets.map(({ reason, scrapeUrl }) => [reason, scrapeUrl]),
      [
        ["dropped", ""],
        ["served", "http://10.0.0.1:9090/metrics"],
      ],
    );
    assert.deepEqual(Object.fromEntries(answer.targets[1]?.labels ?? []), {
      instance: "10.0.0.1:9090",
      job: "pods",
    });
  });

  test("shows what each rule read and changed, before and after, up to the one that drops", async () => {
    const jobs = [
      jobWith(
        "pods",
        ruleOf({ sourceLabels: ["__meta_kubernetes_pod_name"], targetLabel: "pod" }),
        ruleOf({ action: "labeldrop", regex: "pod" }),
        ruleOf({ action: "drop", sourceLabels: ["job"], regex: "pods" }),
        ruleOf({ targetLabel: "never", replacement: "x" }),
      ),
    ];
    const [target] = (await answerOf(web1, { jobs })).targets;
    const plain = target?.rules.map(({ number, keep, before, after }) => [
      number,
      keep,
      Object.fromEntries(before),
      Object.fromEntries(after),
    ]);
    assert.deepEqual(plain, [
      [
        1,
        true,
        { __meta_kubernetes_pod_name: "web-1" },
        { __meta_kubernetes_pod_name: "web-1", pod: "web-1" },
      ],
      [2, true, { pod: "web-1" }, {}],
      [3, false, { job: "pods" }, {}],
    ]);
  });

  test("tells who read the job's list last, and that others do", async () => {
    const mark = { job: "pods", reader: "fleet-a", agent: "Prometheus/3.5.0", shard: { index: 0, of: 2 } };
    const readers = [
      { ...mark, at: now - 12_000 },
      { ...mark, shard: undefined, at: now - 60_000 },
    ];
    const answer = await answerOf(web1, { readers });
    const read =
      /last read 12 seconds ago by fleet-a \(Prometheus\/3\.5\.0, shard 0 of 2\), and by 1 other reader\.$/;
    assert.match(answer.sentence, read);
  });

  test("a shard of how many is told when nobody says which", async () => {
    const answer = await answerOf(web1, { shard: { index: undefined, of: 2 } });
    assert.equal(answer.verdict, "served");
    assert.equal(
      answer.steps.find(({ step }) => step === "sharded")?.detail,
      `in shard ${1 - otherShard} of 2`,
    );
  });

  test("another namespace's refusal does not make it stale", async () => {
    const error = "GET https://127.0.0.1:6403/api/v1/namespaces/test/pods: 403 Forbidden";
    assert.equal((await answerOf(web1, { statuses: failing(error) })).reason, "served");
  });

  test("a pod is found through its service in a job of endpoints", async () => {
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
    test(`is found by ${name}`, async () => {
      const answer = await answerOf(object, world);
      assert.equal(answer.verdict, "served", answer.sentence);
      assert.equal(answer.targetCount, 1);
    });
  }

  test("a name that is in several namespaces is asked back", async () => {
    const groups = { [podsId]: [pod("web-1", ["10.0.0.1:1"]), pod("web-1", ["10.0.0.2:1"], "test")] };
    assert.deepEqual(await ask("web-1", { groups }), {
      error: "web-1 may be pod/shop/web-1, pod/test/web-1: say which",
    });
    assert.ok("answers" in (await ask("test/web-1", { groups })));
  });

  test("of many targets 50 are shown and all are counted", async () => {
    const addresses = Array.from({ length: 60 }, (_, port) => `10.0.0.1:${port}`);
    const answer = await answerOf(web1, { groups: { [podsId]: [pod("web-1", addresses)] } });
    assert.equal(answer.targetCount, 60);
    assert.equal(answer.targets.length, 50);
    assert.equal(answer.targets.filter(({ rules }) => rules.length > 0).length, 0);
  });

  test("huge labels are shown for as many targets as an answer has room for", async () => {
    const group = pod("web-1", ["10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3"]);
    const labels = { ...group.labels, huge: "x".repeat(900_000) };
    const answer = await answerOf(web1, { groups: { [podsId]: [{ ...group, labels }] } });
    assert.equal(answer.targetCount, 3);
    assert.equal(answer.targets.length, 1);
  });
});

describe("several jobs", () => {
  test("are answered one by one, those that have it in front", async () => {
    const explained = await ask(web1, {
      ...services,
      jobs: [job("services"), job("pods")],
      providers: [endpoints, podProvider()],
    });
    assert.ok("answers" in explained);
    assert.deepEqual(
      explained.answers.map((one) => [one.job, one.reason]),
      [
        ["pods", "served"],
        ["services", "not_in_endpoints"],
      ],
    );
  });
});
