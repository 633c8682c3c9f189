import type { KubernetesSdConfig } from "../../lib/config/configuration.ts";

/** A Kubernetes block for all pods of the cluster around us, with nothing attached; unless told otherwise. */
export const kubernetesConfig = (over: Partial<KubernetesSdConfig> = {}): KubernetesSdConfig => ({
  mechanism: "kubernetes",
  role: "pod",
  access: { kind: "in-cluster" },
  namespaces: { names: [], ownNamespace: false },
  selectors: [],
  attachMetadata: { node: false, namespace: false, deployment: false, job: false, cronjob: false },
  ...over,
});
