import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseRules } from "../adapter/config/parse.ts";
import type { AcceptedDocument } from "../config/accepted.ts";
import { namedFiles, refuseInCloud } from "../config/cloud.ts";
import type { Configuration, KubernetesAccess } from "../config/configuration.ts";
import { ConfigurationError } from "../config/error.ts";
import { goGlob } from "../config/glob.ts";
import { parseConfiguration } from "../config/parse.ts";
import { isInBucket } from "../config/paths.ts";
import { parseSettings } from "../config/rollcall.ts";
import type { FollowMode, Settings } from "../config/settings.ts";
import type { SourceFile } from "../config/source-file.ts";
import { readSource, readSources, type Sources } from "../config/sources.ts";
import type { Values } from "../config/values.ts";
import { type Credentials, ownCredentials } from "../credential/credentials.ts";
import { kubeconfigServer } from "../discovery/kubernetes/kubeconfig.ts";
import { foldersOf } from "../files/cloud.ts";
import { refuseOutside } from "../files/confined.ts";
import { type Files, largestFile } from "../files/files.ts";
import { valuesOf, withoutValues } from "./values.ts";

export interface ConfigurationFiles {
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
 * where each kubeconfig points. Throws for an unreadable file, and ConfigurationError for a broken one. `cloud` is where
 * files and secrets are in the cloud; what may not be there is refused then.
 */
export const gather = async (
  files: ConfigurationFiles,
  before: AcceptedDocument["servers"] = {},
  cloud?: Cloud,
): Promise<AcceptedDocument> => {
  const reading = cloud === undefined ? { readFile } : readingFrom(cloud.files);
  const sources = await readSources({ configFile: files.configFile, ...reading });
  const settings =
    files.settingsFile === undefined ? undefined : await readSource(files.settingsFile, reading.readFile);
  const kubeconfig = files.kubeconfigFile === undefined ? undefined : absolute(files.kubeconfigFile);
  const { configuration } = parseConfiguration(sources);
  const values = cloud && settings && (await valuesOf(settings, cloud.credentials));
  const understood = withoutValues(values, () => parseSettings(settings, configuration, values));
  if (cloud !== undefined) {
    const checked = { files, sources: { ...sources, settings, values }, configuration, understood };
    withoutValues(values, () => checkForCloud(checked));
  }
  const rules = await rulesIn(understood, reading.readFile);
  const named = kubeconfigsIn(configuration, understood);
  const reader = cloud === undefined ? ownCredentials() : readerOf(cloud.files);
  return {
    main: sources.main,
    jobFiles: sources.jobFiles,
    ...(settings === undefined ? {} : { settings }),
    ...(values === undefined || Object.keys(values).length === 0 ? {} : { values }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    servers: await serversOf(kubeconfig === undefined ? named : [...named, kubeconfig], { reader, before }),
    inCluster: files.inCluster,
    follow: files.follow ?? "schedule",
  };
};

export interface Cloud {
  readonly files: Files;
  readonly credentials: Pick<Credentials, "reveal">;
}

/** More files, or bytes in all, are no configuration: a pattern that matches a whole bucket must not be read through. */
const most = { files: 1000, bytes: 32 * 1024 * 1024 };

const readingFrom = (cloud: Files) => {
  const count = { files: 0, bytes: 0 };
  return {
    readFile: async (path: string) => {
      const { bytes } = await cloud.read(path, largestFile);
      count.files += 1;
      count.bytes += bytes.length;
      if (count.files > most.files) throw new Error(`a configuration of more than ${most.files} files`);
      if (count.bytes > most.bytes) throw new Error(`a configuration of more than ${most.bytes} bytes`);
      return bytes;
    },
    glob: (pattern: string) => goGlob(pattern, cloud),
  };
};

interface Checked {
  readonly files: ConfigurationFiles;
  readonly sources: Sources & {
    readonly settings: Sources["main"] | undefined;
    readonly values: Values | undefined;
  };
  readonly configuration: Configuration;
  readonly understood: Settings;
}

const checkForCloud = ({ files, sources, configuration, understood }: Checked): void => {
  const { main, jobFiles, settings, values = {} } = sources;
  refuseInCloud([main, ...jobFiles], settings && { file: settings, values });
  const findings = namedFiles(configuration, understood).flatMap(({ path, owner }) => {
    try {
      refuseOutside(path, foldersOf(files));
      return [];
    } catch (error) {
      const message = `${owner}: ${error instanceof Error ? error.message : String(error)}`;
      return { file: main.path, line: 1, column: 1, message };
    }
  });
  if (findings.length > 0) throw new ConfigurationError(findings);
};

/** The rules files that adapters name, read and checked. Throws ConfigurationError. */
const rulesIn = async (
  { adapters }: Settings,
  read: (path: string) => Promise<Uint8Array>,
): Promise<SourceFile[]> => {
  const paths = [...new Set(adapters.flatMap(({ rulesFile }) => rulesFile ?? []))];
  const files = await Promise.all(paths.map((path) => readSource(path, read)));
  for (const file of files) parseRules(file);
  return files;
};

const absolute = (path: string) => (isInBucket(path) ? path : resolve(path));

const kubeconfigsIn = ({ jobs }: Configuration, settings: Settings): string[] => {
  const { clusters, metrics, adapters } = settings;
  const blocks = jobs.flatMap((job) => job.sdConfigs);
  const accesses = blocks.flatMap((config) => (config.mechanism === "kubernetes" ? [config.access] : []));
  const collected = (metrics?.sources ?? []).map(({ cluster }) => cluster);
  const entries = [...clusters, ...adapters].map(({ access }) => access);
  return [...accesses, ...entries, ...collected].flatMap(fileOf);
};

const fileOf = (access: { kind: string } | KubernetesAccess): string[] =>
  access.kind === "kubeconfig" && "file" in access ? [access.file] : [];

type Reader = Pick<Credentials, "read">;

const readerOf = (cloud: Files): Reader => ({
  read: async (_key, file) => Buffer.from((await cloud.read(file, largestFile)).bytes).toString("utf8"),
});

/**
 * A kubeconfig that cannot be read now points where it did before, so that its cluster does not take another name for
 * that; else it is left out. The look at its cluster will say why, and everything else goes on.
 */
const serversOf = async (
  files: readonly string[],
  { reader, before }: { reader: Reader; before: AcceptedDocument["servers"] },
): Promise<Record<string, string>> => {
  const servers: Record<string, string> = {};
  for (const file of new Set(files)) {
    const server = (await kubeconfigServer(file, reader).catch(() => undefined)) ?? before[file];
    if (server !== undefined) servers[file] = server;
  }
  return servers;
};
