import assert from "node:assert/strict";
import type { Job } from "../../../lib/config/configuration.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import type { Answer, AskedShard } from "../../../lib/explain/answer.ts";
import { explain } from "../../../lib/explain/explain.ts";
import type { PastSearch, Removal } from "../../../lib/explain/finding.ts";
import { parseQuestion } from "../../../lib/explain/question.ts";
import { shardOf } from "../../../lib/httpsd/shard.ts";
import type { ProviderStatus } from "../../../lib/pool/status.ts";
import type { ReaderMark } from "../../../lib/readers/readers.ts";
import type { Rule } from "../../../lib/relabel/rule.ts";
import type { TargetGroup } from "../../../lib/targetgroup/targetgroup.ts";
import { job } from "../../fakes/jobs.ts";
import { provider, status } from "../../fakes/providers.ts";
import { kubernetesConfig } from "../../fakes/sdconfigs.ts";
import { viewOf } from "../../fakes/views.ts";

export const now = Date.parse("2026-11-23T04:00:00Z");

/** What a test says differently of the world in which pod shop/web-1 is one target of job `pods`. */
export interface World {
  readonly jobs?: readonly Job[];
  readonly providers?: readonly Provider[];
  readonly statuses?: readonly ProviderStatus[];
  readonly groups?: Readonly<Record<string, readonly TargetGroup[]>>;
  readonly removals?: readonly Removal[] | undefined;
  /** What the newest changes say of an address; no history where undefined. */
  readonly past?: PastSearch;
  readonly readers?: readonly ReaderMark[];
  readonly withheld?: string;
  readonly shard?: AskedShard;
}

export const podsId = "kubernetes/00000000000a";
const cluster = "https://127.0.0.1:6403";

export const podProvider = (over: Partial<Provider> = {}): Provider =>
  provider({ id: podsId, config: kubernetesConfig(), cluster, jobs: ["pods"], ...over });

export const well = (over: Partial<ProviderStatus> = {}): ProviderStatus =>
  status({ provider: podsId, cluster, lastAttempt: now - 12_000, lastSuccess: now - 12_000, ...over });

export const pod = (name: string, addresses: readonly string[], namespace = "shop"): TargetGroup => ({
  source: `pod/${namespace}/${name}`,
  labels: { __meta_kubernetes_namespace: namespace, __meta_kubernetes_pod_name: name },
  targets: addresses.map((address) => ({ __address__: address })),
});

export const jobWith = (name: string, ...relabelConfigs: Rule[]): Job => ({ ...job(name), relabelConfigs });

export const web1 = "pod/shop/web-1";

export const failing = (lastError: string) => [well({ lastError })];

export const endpointsId = "kubernetes/00000000000b";

export const endpoints = provider({
  id: endpointsId,
  config: kubernetesConfig({ role: "endpoints" }),
  cluster,
  jobs: ["services"],
});

export const services = {
  jobs: [job("services")],
  providers: [endpoints, podProvider()],
  statuses: [well(), well({ provider: endpointsId })],
};

export const otherShard = shardOf({ __address__: "10.0.0.1:8080" }, 2) === 0 ? 1 : 0;

export const ask = async (object: string, world: World = {}) => {
  const parsed = parseQuestion(object);
  assert.ok("question" in parsed, JSON.stringify(parsed));
  const groups = world.groups ?? { [podsId]: [pod("web-1", ["10.0.0.1:8080"])] };
  const views = new Map<string, ReturnType<typeof viewOf>>();
  return explain(
    { ...parsed, jobs: world.jobs ?? [job("pods")], shard: world.shard },
    {
      providers: world.providers ?? [podProvider()],
      statuses: world.statuses ?? [well()],
      readViews: async (ids) => {
        for (const id of ids) if (!views.has(id)) views.set(id, viewOf(groups[id] ?? []));
        return new Map(ids.map((id) => [id, views.get(id)!]));
      },
      unsure: () => world.withheld,
      readersOf: async () => world.readers ?? [],
      removalsOf: async (_job, sources) =>
        "removals" in world ? world.removals?.filter(({ source }) => sources.includes(source)) : [],
      removalsAt: async () => world.past && { ...world.past, isOf: () => true },
      now,
    },
  );
};

/** The one answer of a world with one job. */
export const answerOf = async (object: string, world: World = {}): Promise<Answer> => {
  const explained = await ask(object, world);
  assert.ok("answers" in explained, "error" in explained ? explained.error : "");
  const [answer] = explained.answers;
  assert.ok(answer !== undefined && explained.answers.length === 1);
  return answer;
};
