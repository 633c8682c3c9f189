import http from "node:http";
import https, { type RequestOptions } from "node:https";
import type { EksAccess, HttpClientConfig, KubernetesAccess } from "../../config/configuration.ts";
import { defaultProxy } from "../../config/proxy.ts";
import { type Credentials, type CredentialsFor, ownCredentials } from "../../credential/credentials.ts";
import { reasonOf } from "../../errors.ts";
import { createTransport } from "../../http/client.ts";
import { type ProxyServer, proxyFor } from "../../http/proxy.ts";
import { publicLookup, refuseInwardHost } from "../../http/publicaddress.ts";
import { send } from "../../http/send.ts";
import type { Transport } from "../../http/transport.ts";
import type { TransportFor } from "../../http/transports.ts";
import { createTunnelAgent } from "../../http/tunnel.ts";
import { completed, type Eks } from "./eksaccess.ts";
import { type Kubeconfig, readKubeconfig, type User } from "./kubeconfig.ts";
import { type MountOptions, mountedConfig } from "./mounted.ts";
import { runPlugin } from "./plugin.ts";

/** Where an API server is, with a path prefix if it has one, and how it is asked. */
export interface Client {
  readonly server: URL;
  readonly transport: Transport;
}

/** `environment` is also read for `proxy_from_environment`. */
export interface ClientOptions extends MountOptions {
  /** False in the cloud: `exec` and auth-provider plugins of a kubeconfig are refused. */
  readonly plugins?: boolean;
  /** True in the cloud: loopback and link-local addresses are refused. */
  readonly publicOnly?: boolean;
  /** For clusters of Amazon's; only in the cloud. */
  readonly eks?: Eks | undefined;
  /** Who resolves secrets and reads files; this machine by default. */
  readonly credentialsFor?: CredentialsFor;
  /** Transports for HTTP client blocks that outlive the client, with their connections and OAuth tokens. */
  readonly transportFor?: TransportFor;
}

/**
 * A client for one look: a kubeconfig and a service account are read now, the files of an HTTP client block on every
 * request. `default` is the in-cluster address. Rejects with one line naming the file or variable that is missing or wrong.
 */
export const createClient = async (
  access: KubernetesAccess,
  options: ClientOptions = {},
): Promise<Client> => {
  if (access.kind === "api-server") {
    return { server: new URL(access.url), transport: blockTransport(access.httpClient, options) };
  }
  if (access.kind === "eks") return eksClient(access, options);
  const { config, ...own } = await configOf(access, options);
  const server = serverOf(config.cluster.server);
  const proxyUrl = config.cluster.proxyUrl ?? proxyOf(server, options);
  return { server, transport: kubeconfigTransport(config, proxyUrl, own) };
};

/**
 * A transport to the kubelets of a cluster over https, with the credentials that its API server is asked with, once a kubelet's own certificate
 * is verified by the cluster's authority (`insecure`: is not). No proxy: they are reached directly. Rejects as `createClient` does.
 */
export const createKubeletTransport = async (
  access: KubernetesAccess,
  { insecure }: { readonly insecure: boolean },
  options: ClientOptions = {},
): Promise<Transport> => {
  const direct = (block: HttpClientConfig): HttpClientConfig => {
    const { serverName: _serverName, ...tls } = block.tls;
    const trust = { ...tls, insecureSkipVerify: insecure };
    return { ...block, followRedirects: false, proxy: defaultProxy, tls: trust };
  };
  if (access.kind === "api-server")
    return createTransport(direct(access.httpClient), transportOptions(options));
  if (access.kind === "eks") return (await eksClient(access, options, direct)).transport;
  const { config, ...own } = await configOf(access, options);
  const { tlsServerName: _tlsServerName, proxyUrl: _proxyUrl, ...cluster } = config.cluster;
  // The library looks at the scheme only; who is asked is each request's own affair.
  const kubelets = { ...cluster, server: "https://kubelets", skipTLSVerify: insecure };
  return kubeconfigTransport({ ...config, cluster: kubelets }, undefined, own);
};

const configOf = async (
  access: Exclude<KubernetesAccess, { kind: "api-server" | "eks" }>,
  options: ClientOptions,
): Promise<Options & { readonly config: Kubeconfig }> => {
  const credentials = (options.credentialsFor ?? ownCredentials)();
  const config =
    access.kind === "kubeconfig" ? await readKubeconfig(access.file, credentials) : mountedConfig(options);
  const plugin = config.user.exec !== undefined || config.user.authProvider !== undefined;
  if (plugin && options.plugins === false) {
    throw new Error("the kubeconfig's exec or auth-provider plugin is refused in the cloud");
  }
  return { ...options, credentials, config };
};

/** What a transport for an HTTP client block takes from a client's options. */
export const transportOptions = (options: ClientOptions) => {
  const { environment = process.env, publicOnly = false, credentialsFor = ownCredentials } = options;
  return { environment, publicOnly, credentialsFor };
};

/** A transport that outlives the client is not the client's to close. */
const blockTransport = (config: HttpClientConfig, options: ClientOptions): Transport =>
  options.transportFor === undefined
    ? createTransport(config, transportOptions(options))
    : { open: options.transportFor(config).open, close: () => undefined };

/** Every request bears a token that is good now. One that was refused is replaced, and the request made once more. */
const eksClient = async (
  access: EksAccess,
  options: ClientOptions,
  adapted = (block: HttpClientConfig) => block,
): Promise<Client> => {
  const { eks } = options;
  if (eks === undefined) {
    throw new Error(
      `EKS cluster ${access.clusterName}: tokens are signed in the cloud only; use kubeconfig_file here`,
    );
  }
  const { url, httpClient } = await completed(access, eks);
  const { open, close } = createTransport(adapted(httpClient), transportOptions(options));
  const ask: Transport["open"] = async (place, { headers, ...rest }) =>
    open(place, { ...rest, headers: { ...headers, authorization: `Bearer ${await eks.token(access)}` } });
  const openAgain: Transport["open"] = async (place, request) => {
    const answer = await ask(place, request);
    if (answer.status !== 401 || !eks.refused(access)) return answer;
    answer.body.destroy();
    return ask(place, request);
  };
  return { server: new URL(url), transport: { open: openAgain, close } };
};

const serverOf = (text: string): URL => {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url !== null) return url;
  throw new Error("the kubeconfig's server is not a URL");
};

type Options = ClientOptions & { readonly credentials: Credentials };

const kubeconfigTransport = (
  config: Kubeconfig,
  proxyUrl: string | undefined,
  options: Options,
): Transport => {
  let login: Promise<Login> | undefined;
  return {
    open: async (url, { headers, ...rest }) => {
      login ??= logIn(config, proxyUrl, options);
      const { agent, headers: own } = await abandonable(login, rest.signal);
      if (options.publicOnly) refuseInwardHost(url);
      const answer = await send(url, { ...rest, agent, headers: { ...headers, ...own } });
      // The next client reads the file anew.
      if (answer.status === 401) options.credentials.refused();
      return answer;
    },
    // A login that failed has told so to whoever asked, and left nothing open.
    close: () => void login?.then(({ agent }) => agent.destroy()).catch(() => undefined),
  };
};

interface Login {
  readonly agent: http.Agent;
  readonly headers: http.OutgoingHttpHeaders;
}

/** Lets the Kubernetes client apply certificates and tokens; loaded late, since that takes its time. */
const logIn = async (
  config: Kubeconfig,
  proxyUrl: string | undefined,
  options: ClientOptions,
): Promise<Login> => {
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const kubeConfig = new KubeConfig();
  const { proxyUrl: _proxyUrl, ...direct } = config.cluster;
  // The library's own agents for proxies resolve any name; in the cloud ours stand in for them.
  const cluster = proxyUrl === undefined || options.publicOnly ? direct : { ...direct, proxyUrl };
  kubeConfig.loadFromClusterAndUser(cluster, await userOf(config.user));
  const request: RequestOptions = {};
  try {
    await kubeConfig.applyToHTTPSOptions(request);
  } catch (cause) {
    // A parser quotes what it was given, which is a credential.
    const reason = cause instanceof SyntaxError ? "not valid JSON" : reasonOf(cause);
    throw new Error(`the kubeconfig's credentials cannot be had: ${oneLine(reason)}`);
  }
  return { agent: agentOf(request, proxyUrl, options), headers: headersOf(request) };
};

/** The user with what the exec plugin gives; a token that the file itself gives goes first. */
const userOf = async ({ exec, ...user }: User): Promise<User> => {
  if (exec === undefined) return user;
  const { token, clientCertificateData, clientKeyData } = await runPlugin(exec);
  return {
    ...user,
    ...(token !== undefined && user.token === undefined && { token }),
    ...(clientCertificateData !== undefined && { certData: base64(clientCertificateData) }),
    ...(clientKeyData !== undefined && { keyData: base64(clientKeyData) }),
  };
};

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** As Go does, a kubeconfig without `proxy-url` goes by the environment's proxy. */
const proxyOf = (server: URL, { environment = process.env }: ClientOptions): string | undefined =>
  proxyFor(server, { fromEnvironment: true, connectHeader: {} }, environment)?.url.href;

/** The library's agents close each connection after one answer; with a proxy that has to do. */
const agentOf = (
  { agent }: RequestOptions,
  proxyUrl: string | undefined,
  options: ClientOptions,
): http.Agent => {
  if (!(agent instanceof http.Agent)) throw new Error("the Kubernetes client gave no agent");
  if (proxyUrl !== undefined) return options.publicOnly ? publicTunnel(agent, proxyUrl) : agent;
  const kept = { keepAlive: true, ...(options.publicOnly && { lookup: publicLookup }) };
  return agent instanceof https.Agent ? new https.Agent({ ...agent.options, ...kept }) : new http.Agent(kept);
};

/** Through a proxy that does not lead inwards; plain HTTP through one has no use in the cloud. */
const publicTunnel = (agent: http.Agent, proxyUrl: string): http.Agent => {
  const url = URL.parse(proxyUrl);
  if (!(agent instanceof https.Agent) || !/^https?:$/.test(url?.protocol ?? "") || url === null) {
    throw new Error("in the cloud a kubeconfig's proxy-url must be http or https, and its server https");
  }
  refuseInwardHost(url);
  const proxy: ProxyServer = { url, connectHeader: {} };
  const proxyAgentOptions = { lookup: publicLookup };
  return createTunnelAgent({ ...agent.options, keepAlive: true, proxy, proxyAgentOptions });
};

const headersOf = ({ headers, auth }: RequestOptions): http.OutgoingHttpHeaders => ({
  ...(auth ? { authorization: `Basic ${base64(auth)}` } : {}),
  ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
});

/** A plugin may hang; whoever waits for it need not. */
const abandonable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abandon = () =>
      reject(new Error("no credentials before the time was up", { cause: signal.reason }));
    if (signal.aborted) abandon();
    signal.addEventListener("abort", abandon, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
  });

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 300);
