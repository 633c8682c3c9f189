import type { AcceptedDocument } from "./accepted.ts";
import type { Configuration } from "./configuration.ts";
import { ConfigurationError } from "./error.ts";
import { parseConfiguration } from "./parse.ts";
import { parseSettings } from "./rollcall.ts";
import { type ClusterSettings, isKubernetes, type Settings } from "./settings.ts";

/** The files as functions act on them. */
export interface Understood {
  readonly configuration: Configuration;
  readonly settings: Settings;
  /** For people, once: what was read and is ignored. */
  readonly warnings: readonly string[];
}

/** Parses and checks the files of a document, apart and against each other. Throws ConfigurationError with every finding. */
export const understand = (document: AcceptedDocument): Understood => {
  const { configuration, warnings } = parseConfiguration(document);
  const written = parseSettings(document.settings, configuration, document.values);
  const settings = withKubeconfig(written, document.kubeconfig);
  const lost = configuration.jobs.find(({ sdConfigs }) =>
    sdConfigs.some((config) => config.mechanism === "kubernetes" && config.access.kind === "default"),
  );
  if (lost !== undefined && !document.inCluster && !settings.clusters.some(isKubernetes)) {
    throw noCluster(document.main.path, lost.name);
  }
  return { configuration, settings, warnings };
};

/** What `--kubeconfig` names stands for the blocks without an API server, unnamed, so that labels stay Prometheus's. */
const withKubeconfig = (settings: Settings, file: string | undefined): Settings => {
  if (file === undefined) return settings;
  const entry: ClusterSettings = { access: { kind: "kubeconfig", file } };
  return { ...settings, clusters: [...settings.clusters, entry] };
};

const noCluster = (file: string, job: string) => {
  const message =
    `job ${JSON.stringify(job)} has a Kubernetes block without api_server and kubeconfig_file, and no cluster is known: ` +
    "start with --kubeconfig FILE, name clusters in the settings, or run inside a cluster";
  return new ConfigurationError([{ file, line: 1, column: 1, message }]);
};
