import type { Configuration, KubernetesSdConfig, SdConfig } from "../../../lib/config/configuration.ts";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import {
  type ClusterSettings,
  type FollowMode,
  type JobSettings,
  noSettings,
} from "../../../lib/config/settings.ts";
import { planProviders } from "../../../lib/discovery/plan.ts";
import { job } from "../../fakes/jobs.ts";
import { kubernetesConfig } from "../../fakes/sdconfigs.ts";

export const server = "https://127.0.0.1:6443";

export const apiServer = (url: string, httpClient = defaultHttpClient) =>
  ({ kind: "api-server", url, httpClient }) as const;

export const kubernetes = (over: Partial<KubernetesSdConfig> = {}): KubernetesSdConfig =>
  kubernetesConfig({ access: apiServer(server), ...over });

interface World {
  clusters?: ClusterSettings[];
  jobs?: JobSettings[];
  servers?: Record<string, string>;
  key?: Buffer;
  follow?: FollowMode;
}

export const plan = (
  jobs: Record<string, SdConfig[]>,
  { clusters = [], jobs: narrowed = [], servers = {}, key, follow }: World = {},
) => {
  const configuration: Configuration = {
    jobs: Object.entries(jobs).map(([name, blocks]) => job(name, blocks)),
  };
  return planProviders({
    configuration,
    settings: { ...noSettings, clusters, jobs: narrowed },
    key: key ?? Buffer.alloc(32),
    servers,
    follow,
  });
};
