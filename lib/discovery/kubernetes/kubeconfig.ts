import { dirname } from "node:path";
import { joined } from "../../config/paths.ts";
import type { Credentials } from "../../credential/credentials.ts";
import { type ClusterEntry, type ExecEntry, parseKubeconfig, type UserEntry } from "./kubeconfigfile.ts";

/** The current context of a kubeconfig: where the cluster is and who asks, with the contents of the files that it names. */
export interface Kubeconfig {
  readonly cluster: Cluster;
  readonly user: User;
}

export interface Cluster {
  readonly name: string;
  readonly server: string;
  readonly skipTLSVerify: boolean;
  readonly caData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
}

export interface User {
  readonly name: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly certData?: string;
  readonly keyData?: string;
  readonly impersonateUser?: string;
  readonly exec?: ExecPlugin;
  /** A plugin built into old clients; what it holds is the plugin's own affair. */
  readonly authProvider?: unknown;
}

export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** Who reads the file and those that it names. */
type Reader = Pick<Credentials, "read">;

/**
 * Reads the file and the files it may name. Rejects with one line that names the file and what was expected, and tells
 * nothing of its content, which is secret throughout.
 */
export const readKubeconfig = async (file: string, credentials: Reader): Promise<Kubeconfig> => {
  const { cluster, user, context } = await currentContext(file, credentials);
  const place = { folder: dirname(file), credentials };
  return {
    cluster: await clusterOf(cluster.name, cluster.cluster, place),
    user: await userOf(context.user, user, { ...place, cluster: cluster.cluster }),
  };
};

/** The API server of the file's current context; rejects with one line naming the file. */
export const kubeconfigServer = async (file: string, credentials: Reader): Promise<string> =>
  (await currentContext(file, credentials)).cluster.cluster.server;

const currentContext = async (file: string, credentials: Reader) => {
  const config = parseKubeconfig(file, await credentials.read("the kubeconfig file", file));
  const context = entryOf(config.contexts, config["current-context"], "context", file).context;
  const cluster = entryOf(config.clusters, context.cluster, "cluster", file);
  const user = context.user === "" ? {} : (entryOf(config.users, context.user, "user", file).user ?? {});
  refuseUnsupported(user, file);
  return { cluster, user, context };
};

const entryOf = <T extends { readonly name: string }>(
  entries: readonly T[] | null | undefined,
  name: string,
  kind: string,
  file: string,
): T => {
  const found = entries?.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw new Error(
    name === "" && kind === "context"
      ? `kubeconfig ${file}: current-context is missing`
      : `kubeconfig ${file}: there is no ${kind} named ${JSON.stringify(name)}`,
  );
};

/** Asking as somebody else with other rights than meant would be worse than not asking. */
const refuseUnsupported = (user: UserEntry, file: string): void => {
  const given = {
    "as-uid": user["as-uid"],
    "as-groups": user["as-groups"],
    "as-user-extra": user["as-user-extra"],
  };
  for (const [key, value] of Object.entries(given)) {
    if (value && Object.keys(value).length > 0)
      throw new Error(`kubeconfig ${file}: ${key} is not supported`);
  }
};

interface Place {
  readonly folder: string;
  readonly credentials: Reader;
}

const clusterOf = async (name: string, cluster: ClusterEntry, place: Place): Promise<Cluster> => ({
  name,
  server: cluster.server,
  // The client library takes this as leave to speak plain HTTP, which a kubeconfig may ask for by its URL alone.
  skipTLSVerify: cluster["insecure-skip-tls-verify"] === true || cluster.server.startsWith("http:"),
  ...given("caData", await dataOf(cluster, "certificate-authority", place)),
  ...given("tlsServerName", cluster["tls-server-name"]),
  ...given("proxyUrl", cluster["proxy-url"]),
});

const userOf = async (
  name: string,
  user: UserEntry,
  { cluster, ...place }: Place & { cluster: ClusterEntry },
): Promise<User> => ({
  name: name || "anonymous",
  ...given(
    "token",
    user.tokenFile ? (await contentOf("tokenFile", user.tokenFile, place)).trim() : user.token,
  ),
  ...given("username", user.username),
  ...given("password", user.password),
  ...given("certData", await dataOf(user, "client-certificate", place)),
  ...given("keyData", await dataOf(user, "client-key", place)),
  ...given("impersonateUser", user.as),
  ...given("exec", user.exec ? execOf(user.exec, cluster, place.folder) : undefined),
  ...given("authProvider", user["auth-provider"] ?? undefined),
});

/** In base64. As in client-go the data itself goes before a file. */
const dataOf = async <K extends "certificate-authority" | "client-certificate" | "client-key">(
  entry: { readonly [P in K | `${K}-data`]?: string },
  key: K,
  place: Place,
): Promise<string | undefined> => {
  const data = entry[`${key}-data`];
  const file = entry[key];
  if (data || !file) return data;
  return Buffer.from(await contentOf(key, file, place)).toString("base64");
};

const contentOf = (key: string, file: string, { folder, credentials }: Place): Promise<string> =>
  credentials.read(`the kubeconfig's ${key}`, joined(folder, file));

/** The plugin reads in KUBERNETES_EXEC_INFO which version to answer in and, if it wants to, about which cluster. */
const execOf = (exec: ExecEntry, cluster: ClusterEntry, folder: string): ExecPlugin => {
  const { provideClusterInfo, apiVersion } = exec;
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster }) };
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  return {
    command: exec.command.includes("/") ? joined(folder, exec.command) : exec.command,
    args: exec.args ?? [],
    env: [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: info }],
  };
};

/** A property that is left out when there is nothing to say, since the client library tells absent from empty. */
const given = <K extends string, V>(
  key: K,
  value: V | undefined,
): { readonly [P in K]?: V } | Record<never, never> =>
  value === undefined || value === "" ? {} : { [key]: value };
