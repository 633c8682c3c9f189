import type { Reason, StepName } from "../../../lib/explain/reason.ts";
import { kubernetesConfig } from "../../fakes/sdconfigs.ts";
import { ruleOf } from "../relabel/rules.ts";
import {
  failing,
  jobWith,
  now,
  otherShard,
  pod,
  podProvider,
  podsId,
  services,
  type World,
  web1,
  well,
} from "./world.ts";

const nothing = { groups: {} };

const selectors = [{ role: "pod" as const, label: "team=shop", field: "" }];

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

export const cases: Case[] = [
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
