import type { KubernetesAccess, KubernetesSdConfig } from "../../../../lib/config/configuration.ts";
import type { Discoverer, Look } from "../../../../lib/discovery/discoverer.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import { kubernetesConfig } from "../../../fakes/sdconfigs.ts";
import { plainClient } from "../../http/support/config.ts";

export const apiServerAccess = (url: string): KubernetesAccess => ({
  kind: "api-server",
  url,
  httpClient: plainClient,
});

export const nothingAttached = kubernetesConfig().attachMetadata;

/** A provider of role `pod` over all namespaces, unless told otherwise. */
export const providerOf = (
  access: KubernetesAccess,
  config: Partial<KubernetesSdConfig> = {},
  more: Partial<Provider> = {},
): Provider => ({
  id: "kubernetes/0123456789ab",
  cluster: "test",
  jobs: ["job"],
  every: 60_000,
  follow: "schedule",
  config: kubernetesConfig({ access, ...config }),
  ...more,
});

/** The look of a single provider; throws the outcome's error. */
export const lookOf = async (discover: Discoverer, provider: Provider): Promise<Look> => {
  const [outcome] = await discover([provider], AbortSignal.timeout(20_000));
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no outcome");
  return outcome.look;
};

/** The line of the outcome's error. */
export const errorOf = async (discover: Discoverer, provider: Provider): Promise<string> => {
  const [outcome] = await discover([provider], AbortSignal.timeout(20_000));
  return outcome !== undefined && "error" in outcome ? outcome.error.message : "a look";
};
