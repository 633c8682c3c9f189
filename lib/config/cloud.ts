import { parseAllDocuments } from "yaml";
import { reasonOf } from "../errors.ts";
import type { Configuration } from "./configuration.ts";
import { ConfigurationError, type Finding, type Place } from "./error.ts";
import { secretOptions } from "./metrics/options.ts";
import { hasReference, referencesIn } from "./reference.ts";
import type { Settings } from "./settings.ts";
import type { SourceFile } from "./source-file.ts";
import { isMerge } from "./types.ts";
import { parseYaml } from "./yaml.ts";
import type { YamlNode } from "./yaml-node.ts";

/**
 * What is refused in the cloud beyond what Prometheus refuses (design §1, §3.1): an accepted file lies in the table as it
 * was written, so a secret in it, even one that discovery has no use for, must be a reference or a file; and a reference
 * that would not be resolved where it stands. Throws ConfigurationError with every finding.
 */
export const refuseInCloud = (files: readonly SourceFile[]): void => {
  const findings = files.flatMap((file) =>
    mistakesIn(file.text).map(({ place, message }): Finding => ({ file: file.path, ...place, message })),
  );
  if (findings.length > 0) throw new ConfigurationError(findings);
};

const mistakesIn = (text: string): { place: Place; message: string }[] => {
  // Prometheus reads the first and passes over the others, where nobody would look for a secret.
  if (parseAllDocuments(text).length > 1) {
    return [
      { place: { line: 1, column: 1 }, message: "a file of several YAML documents is refused in the cloud" },
    ];
  }
  return scalarsIn(parseYaml(text)).flatMap((scalar) => {
    const message = mistakeIn(scalar);
    return message === undefined ? [] : { place: scalar.place, message };
  });
};

interface Scalar {
  readonly text: string;
  readonly place: Place;
  /** From the root to here. */
  readonly keys: readonly string[];
}

/** All scalars but those that users name; one that several aliases share is looked at once. */
const scalarsIn = (root: YamlNode | undefined): Scalar[] => {
  const seen = new Set<YamlNode>();
  const below = (node: YamlNode, keys: readonly string[]): Scalar[] => {
    if (seen.has(node)) return [];
    seen.add(node);
    if (node.kind === "alias") return below(node.target, keys);
    if (node.kind === "list") return node.items.flatMap((item) => below(item, keys));
    if (node.kind === "scalar") return [{ text: node.text, place: node.place, keys }];
    return node.pairs.flatMap(([key, value]) => {
      const name = key.kind === "scalar" ? key.text : "";
      if (namedByUsers.has(name)) return [];
      return below(value, isMerge(key) ? keys : [...keys, name]);
    });
  };
  return root === undefined ? [] : below(root, []);
};

/** What users call things by is no key of ours. */
const namedByUsers = new Set(["labels", "external_labels", "params"]);

const mistakeIn = ({ text, keys }: Scalar): string | undefined => {
  const key = keys.at(-1) ?? "";
  if (keys[0] === "metrics" && sinkKeys.has(key)) return sinkMistake(key, text);
  if (hasReference(text)) {
    if (!isResolved(keys)) return `${key}: a reference is resolved in credentials only, not here`;
    return referenceMistake(key, text);
  }
  if (text !== "" && isSecret(keys)) return `${key}: ${literal}`;
  return login.test(text) ? `${key}: a password in a URL: ${literal}` : undefined;
};

/** What `metrics` writes as `KEY:URI`: secrets are among the options of the URI. */
const sinkKeys = new Set(["sinks", "historical_source"]);

const sinkMistake = (key: string, text: string): string | undefined => {
  if (login.test(text.slice(text.indexOf(":") + 1))) return `${key}: a password in a URL: ${literal}`;
  for (const [option, value] of new URLSearchParams(text.slice(text.indexOf("?") + 1))) {
    if (!secretOptions.has(option)) {
      if (hasReference(value)) return `${key}: a reference is resolved in credentials only, not in ${option}`;
    } else if (hasReference(value)) {
      const mistake = referenceMistake(`${key}: ${option}`, value);
      if (mistake !== undefined) return mistake;
    } else if (value !== "") return `${key}: ${option}: ${literal}`;
  }
  return undefined;
};

const referenceMistake = (key: string, text: string): string | undefined => {
  try {
    referencesIn(text);
    return undefined;
  } catch (error) {
    return `${key}: ${reasonOf(error)}`;
  }
};

const literal = `a literal secret is refused in the cloud; use \${ssm:NAME}, \${secretsmanager:ID} or a file beside the configuration`;

const login = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:[^/?#]+@/i;

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

const isSecret = (keys: readonly string[]): boolean => {
  const [parent, key = ""] = [keys.at(-2), keys.at(-1)];
  // `key` is many things; a header for a proxy is always a credential.
  return (
    secretKeys.has(key) || (key === "key" && parent === "tls_config") || parent === "proxy_connect_header"
  );
};

const isResolved = (keys: readonly string[]): boolean =>
  isSecret(keys) || alsoResolved.has(keys.at(-1) ?? "");

const alsoResolved = new Set(["username", "ca", "cert", "proxy_url"]);

/** A file that the configuration names and discovery reads, and who names it. */
export interface NamedFile {
  readonly path: string;
  /** `job "pods"` or `cluster "prod-eu"`. */
  readonly owner: string;
}

/** Every file that discovery reads because of a configuration; patterns of `file_sd_configs` are among them. */
export const namedFiles = ({ jobs }: Configuration, { clusters, metrics }: Settings): NamedFile[] => [
  ...jobs.flatMap(({ name, sdConfigs }) => filesIn(sdConfigs, `job ${JSON.stringify(name)}`)),
  ...clusters.flatMap(({ name = "", access }) => filesIn(access, `cluster ${JSON.stringify(name)}`)),
  ...(metrics?.sources ?? []).flatMap(({ cluster }) => filesIn(cluster, "a source of metrics")),
  ...(metrics?.sinks ?? []).flatMap((sink) => filesIn(sink, `sink ${sink.kind}`)),
];

/** By the names that a validated configuration has for paths: `file`, `files` and `…File`. */
const filesIn = (value: unknown, owner: string): NamedFile[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const isPath = /^files?$|File$/.test(key);
    const paths = isPath ? [member].flat().filter((path) => typeof path === "string" && path !== "") : [];
    return [...paths.map((path) => ({ path: String(path), owner })), ...filesIn(member, owner)];
  });
};
