import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { AcceptedDocument } from "../config/accepted.ts";
import type { KubernetesAccess } from "../config/configuration.ts";
import { parseConfiguration } from "../config/parse.ts";
import { parseSettings } from "../config/rollcall.ts";
import type { FollowMode } from "../config/settings.ts";
import type { SourceFile } from "../config/source-file.ts";
import { readSources } from "../config/sources.ts";
import { readKubeconfig } from "../discovery/kubernetes/kubeconfig.ts";

export interface Files {
  readonly configFile: string;
  readonly settingsFile?: string | undefined;
  readonly kubeconfigFile?: string | undefined;
  /** A Kubernetes service account is mounted, so a block without an API server can mean the cluster around us. */
  readonly inCluster: boolean;
  /** Who keeps up with clusters whose settings do not say; the schedule unless told. */
  readonly follow?: FollowMode;
}

/**
 * Reads everything that a configuration consists of, as it is now: the file, those that it includes, the settings, and
 * where each kubeconfig points. Throws for an unreadable file, and ConfigurationError for a broken one.
 */
export const gather = async (
  files: Files,
  before: AcceptedDocument["servers"] = {},
): Promise<AcceptedDocument> => {
  const sources = await readSources({ configFile: files.configFile });
  const settings = files.settingsFile === undefined ? undefined : await readOne(files.settingsFile);
  const kubeconfig = files.kubeconfigFile === undefined ? undefined : resolve(files.kubeconfigFile);
  const { configuration } = parseConfiguration(sources);
  const blocks = configuration.jobs.flatMap((job) => job.sdConfigs);
  const accesses = blocks.flatMap((config) => (config.mechanism === "kubernetes" ? [config.access] : []));
  const { clusters } = parseSettings(settings, configuration);
  const named = [...accesses, ...clusters.map(({ access }) => access)].flatMap(fileOf);
  return {
    main: sources.main,
    jobFiles: sources.jobFiles,
    ...(settings === undefined ? {} : { settings }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    servers: serversOf(kubeconfig === undefined ? named : [...named, kubeconfig], before),
    inCluster: files.inCluster,
    follow: files.follow ?? "schedule",
  };
};

const readOne = async (path: string): Promise<SourceFile> => ({ path, text: await readFile(path, "utf8") });

const fileOf = (access: { kind: string } | KubernetesAccess): string[] =>
  access.kind === "kubeconfig" && "file" in access ? [access.file] : [];

/**
 * A kubeconfig that cannot be read now points where it did before, so that its cluster does not take another name for
 * that; else it is left out. The look at its cluster will say why, and everything else goes on.
 */
const serversOf = (files: readonly string[], before: AcceptedDocument["servers"]): Record<string, string> => {
  const servers: Record<string, string> = {};
  for (const file of new Set(files)) {
    const server = serverOf(file) ?? before[file];
    if (server !== undefined) servers[file] = server;
  }
  return servers;
};

const serverOf = (file: string): string | undefined => {
  try {
    return readKubeconfig(file).cluster.server;
  } catch {
    return undefined;
  }
};
