import { createHash } from "node:crypto";
import type { AgentOptions } from "node:https";
import tls from "node:tls";
import type { TlsConfig } from "../config/configuration.ts";
import type { Secret } from "../config/secret.ts";
import type { Credentials } from "../credential/credentials.ts";

/** A `tls_config` with its files read. */
export interface TlsMaterial {
  /** Equal for equal material; a hash, so that it tells nothing of the key. */
  readonly fingerprint: string;
  /** What an https agent needs. Parses the certificates, hence called once per fingerprint. Throws when they are not usable. */
  agentOptions(): AgentOptions;
}

/** Rejects when a file cannot be read, naming it. */
export const readTlsMaterial = async (config: TlsConfig, credentials: Credentials): Promise<TlsMaterial> => {
  const [ca, cert, key] = await Promise.all([
    inlineOr("ca_file", { inline: config.ca, file: config.caFile }, credentials),
    inlineOr("cert_file", { inline: config.cert, file: config.certFile }, credentials),
    inlineOr("key_file", { inline: config.key, file: config.keyFile }, credentials),
  ]);
  const { serverName, insecureSkipVerify, minVersion, maxVersion } = config;
  const identity = [ca, cert, key, serverName, insecureSkipVerify, minVersion, maxVersion];
  return {
    fingerprint: createHash("sha256").update(JSON.stringify(identity)).digest("hex"),
    agentOptions: () => ({
      secureContext: contextOf({ ca: ca ?? systemAuthorities(), cert, key, minVersion, maxVersion }),
      rejectUnauthorized: !insecureSkipVerify,
      ...(serverName === undefined ? {} : { servername: serverName }),
    }),
  };
};

/** The same trust without a client certificate, for an origin that the credentials are not meant for. */
export const withoutClientCertificate = ({ cert, certFile, key, keyFile, ...trust }: TlsConfig): TlsConfig =>
  trust;

const inlineOr = async (
  key: string,
  { inline, file }: { inline: Secret | string | undefined; file: string | undefined },
  credentials: Credentials,
): Promise<string | undefined> => {
  if (inline !== undefined) return credentials.reveal(inline);
  return file === undefined || file === "" ? undefined : credentials.read(`tls_config ${key}`, file);
};

const contextOf = (options: tls.SecureContextOptions): tls.SecureContext => {
  try {
    return tls.createSecureContext(options);
  } catch (cause) {
    throw new Error("the certificates of tls_config are not usable", { cause });
  }
};

/** Prometheus trusts the machine's own store, where companies put their authorities; Node by itself does not look there. */
const systemAuthorities = (): string[] => {
  authorities ??= [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
  return authorities;
};

let authorities: string[] | undefined;
