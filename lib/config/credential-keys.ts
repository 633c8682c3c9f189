/** Keys of Prometheus whose values are secrets, also in the sections that discovery ignores. */
const secretKeys = new Set([
  "password",
  "credentials",
  "bearer_token",
  "client_secret",
  "client_certificate_key",
  "secrets",
  "secret_key",
  "token",
  "api_key",
  "api_token",
]);

/** A value that must not stand in a file of the cloud; `keys` lead from the root to it. */
export const isSecret = (keys: readonly string[]): boolean => {
  const [parent, key = ""] = [keys.at(-2), keys.at(-1)];
  // `key` is many things; a header for a proxy is always a credential.
  return (
    secretKeys.has(key) || (key === "key" && parent === "tls_config") || parent === "proxy_connect_header"
  );
};

/** A value that stays as it is written until it is used: what it refers to is had then, by whoever uses it, and is kept nowhere. */
export const isCredential = (keys: readonly string[]): boolean =>
  isSecret(keys) || besideSecrets.has(keys.at(-1) ?? "");

const besideSecrets = new Set(["username", "client_id", "ca", "cert", "proxy_url"]);

/** What `metrics` writes as `KEY:URI`: secrets are among the options of the URI. */
export const isMetricUri = (keys: readonly string[]): boolean =>
  keys[0] === "metrics" && uriKeys.has(keys.at(-1) ?? "");

const uriKeys = new Set(["sources", "sinks", "historical_source"]);
