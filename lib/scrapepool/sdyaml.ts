import type {
  HttpClientConfig,
  KubernetesSdConfig,
  SdConfig,
  TlsConfig,
  TlsVersion,
} from "../config/configuration.ts";
import { durationText } from "../config/duration.ts";
import { withoutLogin } from "../http/place.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";

/** The discovery blocks of a job by Prometheus's keys, as they are understood; secrets are `<secret>`, logins in URLs too. */
export const discoveryFields = (configs: readonly SdConfig[]): Readonly<Record<string, unknown[]>> => {
  const blocks: Record<string, unknown[]> = {};
  for (const config of configs) {
    const [key, entries] = fieldsOf(config);
    blocks[key] = [...(blocks[key] ?? []), ...entries.map(plain)];
  }
  return blocks;
};

/** What is absent goes, and secrets say so themselves. */
const plain = (block: object): unknown => JSON.parse(JSON.stringify(block));

const fieldsOf = (config: SdConfig): readonly [string, readonly object[]] => {
  switch (config.mechanism) {
    case "static":
      return [
        "static_configs",
        config.groups.map(({ targets, labels }) => ({
          targets: targets.map(addressOf),
          ...some({ labels }),
        })),
      ];
    case "file":
      return [
        "file_sd_configs",
        [{ files: config.files, refresh_interval: durationText(config.refreshInterval) }],
      ];
    case "http":
      return ["http_sd_configs", [{ url: hidden(config.url), ...refreshed(config) }]];
    case "swarm":
      return [
        "swarm_sd_configs",
        [
          {
            masters: config.masters.map(hidden),
            ...refreshed(config),
            metrics_port: config.metricsPort,
          },
        ],
      ];
    case "docker":
      return [
        "docker_sd_configs",
        [
          {
            ...dockerFields(config),
            host_networking_host: config.hostNetworkingHost,
            match_first_network: config.matchFirstNetwork,
          },
        ],
      ];
    case "dockerswarm":
      return ["dockerswarm_sd_configs", [{ ...dockerFields(config), role: config.role }]];
    case "kubernetes":
      return ["kubernetes_sd_configs", [kubernetesFields(config)]];
  }
};

const addressOf = (target: LabelSet) => target.__address__ ?? "";

const refreshed = ({
  refreshInterval,
  httpClient,
}: {
  refreshInterval: number;
  httpClient: HttpClientConfig;
}) => ({
  refresh_interval: durationText(refreshInterval),
  ...httpFields(httpClient),
});

const dockerFields = (config: Extract<SdConfig, { mechanism: "docker" | "dockerswarm" }>) => ({
  host: hidden(config.host),
  port: config.port,
  ...some({ filters: config.filters }),
  ...refreshed(config),
});

const kubernetesFields = ({ role, access, namespaces, selectors, attachMetadata }: KubernetesSdConfig) => ({
  role,
  ...(access.kind === "api-server"
    ? { api_server: hidden(access.url), ...httpFields(access.httpClient) }
    : {}),
  ...(access.kind === "kubeconfig" ? { kubeconfig_file: access.file } : {}),
  namespaces: { own_namespace: namespaces.ownNamespace, ...some({ names: namespaces.names }) },
  ...some({ selectors }),
  ...some({ attach_metadata: trueOnes(attachMetadata) }),
});

const httpFields = (client: HttpClientConfig) => ({
  basic_auth: client.basicAuth && {
    username: client.basicAuth.username,
    username_file: client.basicAuth.usernameFile,
    password: client.basicAuth.password,
    password_file: client.basicAuth.passwordFile,
  },
  authorization: client.authorization && {
    type: client.authorization.type,
    credentials: client.authorization.credentials,
    credentials_file: client.authorization.credentialsFile,
  },
  oauth2: client.oauth2 && {
    client_id: client.oauth2.clientId,
    client_secret: client.oauth2.clientSecret,
    client_secret_file: client.oauth2.clientSecretFile,
    token_url: hidden(client.oauth2.tokenUrl),
    ...some({ scopes: client.oauth2.scopes, endpoint_params: masked(client.oauth2.endpointParams) }),
    ...some({ tls_config: tlsFields(client.oauth2.tls) }),
    ...proxyFields(client.oauth2.proxy),
  },
  follow_redirects: client.followRedirects,
  enable_http2: client.enableHttp2,
  ...some({ tls_config: tlsFields(client.tls), http_headers: headerFields(client) }),
  ...proxyFields(client.proxy),
});

const tlsFields = (tls: TlsConfig) => ({
  ca: tls.ca,
  ca_file: tls.caFile,
  cert: tls.cert,
  cert_file: tls.certFile,
  key: tls.key,
  key_file: tls.keyFile,
  server_name: tls.serverName,
  ...(tls.insecureSkipVerify ? { insecure_skip_verify: true } : {}),
  min_version: tlsVersion(tls.minVersion),
  max_version: tlsVersion(tls.maxVersion),
});

/** `TLS10` to `TLS13`, as in the file. */
const tlsVersion = (version: TlsVersion | undefined) =>
  version === "TLSv1" ? "TLS10" : version?.replace(/[v.]/g, "");

const proxyFields = ({ url, noProxy, fromEnvironment, connectHeader }: HttpClientConfig["proxy"]) => ({
  proxy_url: url,
  no_proxy: noProxy,
  ...(fromEnvironment ? { proxy_from_environment: true } : {}),
  ...some({ proxy_connect_header: connectHeader }),
});

const headerFields = ({ httpHeaders }: HttpClientConfig) =>
  Object.fromEntries(
    Object.entries(httpHeaders).map(([name, { values, secrets, files }]) => [
      name,
      some({ values, secrets, files }),
    ]),
  );

/** Whoever names a parameter of a token request may well name a secret. */
const masked = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(values).map((name) => [name, "<secret>"]));

const trueOnes = (flags: object) =>
  Object.fromEntries(Object.entries(flags).filter(([, isOn]) => isOn === true));

/** Without what has no entry. */
const some = (fields: Readonly<Record<string, object>>) =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => Object.values(value).some((entry) => entry !== undefined)),
  );

const hidden = (address: string): string => withoutLogin(address, "<secret>@");
