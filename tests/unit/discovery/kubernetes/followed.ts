import type { KubernetesSdConfig } from "../../../../lib/config/configuration.ts";
import type { Outcome } from "../../../../lib/discovery/discoverer.ts";
import type { Provider } from "../../../../lib/discovery/provider.ts";
import { TransientError } from "../../../../lib/errors.ts";
import { createFakeCluster, type FakeCluster } from "./fakecluster.ts";
import { endpointsManifest, nodeManifest, podManifest, serviceManifest } from "./manifests.ts";
import { apiServerAccess, providerOf } from "./provider.ts";

export const access = apiServerAccess("http://127.0.0.1:1");

let ids = 0;

export const followed = (config: Partial<KubernetesSdConfig> = {}, more: Partial<Provider> = {}): Provider =>
  providerOf(access, config, { id: `kubernetes/${String(++ids).padStart(12, "0")}`, ...more });

export const filled = (): FakeCluster => {
  const fake = createFakeCluster();
  fake.apply("pods", podManifest("a"));
  fake.apply("pods", podManifest("b", { namespace: "bank" }));
  fake.apply("services", serviceManifest("web"));
  fake.apply("endpoints", endpointsManifest("web", [{ pod: "a" }]));
  fake.apply("nodes", nodeManifest("n1"));
  return fake;
};

/** The sources of a look, or its error's line; problems after them. */
export const toldBy = (outcome: Outcome | undefined): string[] => {
  if (outcome === undefined) return ["no outcome"];
  if ("error" in outcome) return [`error: ${outcome.error.message}`];
  return [...outcome.look.groups.map(({ source }) => source).sort(), ...outcome.look.problems];
};

export const away = new TransientError("GET http://x/api/v1/pods: connect ECONNREFUSED");
