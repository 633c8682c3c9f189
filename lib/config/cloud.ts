import { reasonOf } from "../errors.ts";
import { readDocuments } from "../yamldocuments.ts";
import type { Configuration } from "./configuration.ts";
import { isCredential, isMetricUri, isSecret } from "./credential-keys.ts";
import type { Mistake } from "./decode.ts";
import { parseDuration } from "./duration.ts";
import { ConfigurationError, type Finding } from "./error.ts";
import { secretOptions } from "./metrics/options.ts";
import { hasReference, referencesIn } from "./reference.ts";
import { type Scalar, scalarsIn } from "./scalars.ts";
import type { Settings } from "./settings.ts";
import type { SourceFile } from "./source-file.ts";
import { type Values, withValues } from "./values.ts";
import { parseYaml } from "./yaml.ts";

/** `rollcall.yml`, and what its references stand for. */
export interface ResolvedSettings {
  readonly file: SourceFile;
  readonly values: Values;
}

/**
 * What is refused in the cloud beyond what Prometheus refuses (design §1, §3.1): an accepted file lies in the table as it
 * was written, so a secret in it, even one that discovery has no use for, must be a reference or a file; and a reference
 * that would not be resolved where it stands. Throws ConfigurationError with every finding.
 */
export const refuseInCloud = (files: readonly SourceFile[], settings?: ResolvedSettings): void => {
  const located = ({ path }: SourceFile, mistakes: readonly Mistake[]): Finding[] =>
    mistakes.map(({ place, message }) => ({ file: path, ...place, message }));
  const findings = [
    ...files.flatMap((file) => located(file, mistakesIn(file.text))),
    ...(settings === undefined
      ? []
      : located(settings.file, mistakesIn(settings.file.text, settings.values))),
  ];
  if (findings.length > 0) throw new ConfigurationError(findings);
};

/** With values the text is that of the settings, whose other references are resolved already. */
const mistakesIn = (text: string, values?: Values): Mistake[] => {
  // Prometheus reads the first and passes over the others, where nobody would look for a secret.
  if (readDocuments(text).length > 1) {
    return [
      { place: { line: 1, column: 1 }, message: "a file of several YAML documents is refused in the cloud" },
    ];
  }
  const root = parseYaml(text);
  const resolved = root === undefined || values === undefined ? root : withValues(root, values);
  return scalarsIn(resolved, namedByUsers).flatMap((scalar) => {
    const message = mistakeIn(scalar);
    return message === undefined ? [] : { place: scalar.place, message };
  });
};

/** What users call things by is no key of ours. */
const namedByUsers = new Set(["labels", "external_labels", "params"]);

const mistakeIn = ({ text, keys }: Scalar): string | undefined => {
  const key = keys.at(-1) ?? "";
  if (isMetricUri(keys)) return uriMistake(key, text);
  if (keys.join(".") === "metrics.resolution" && isBelowAMinute(text)) return tooQuick;
  if (hasReference(text)) {
    if (!isCredential(keys)) return `${key}: a reference is resolved in credentials only, not here`;
    return referenceMistake(key, text);
  }
  if (text !== "" && isSecret(keys)) return `${key}: ${literal}`;
  return login.test(text) ? `${key}: a password in a URL: ${literal}` : undefined;
};

const isBelowAMinute = (text: string): boolean => {
  const parsed = parseDuration(text);
  return "milliseconds" in parsed && parsed.milliseconds < 60_000;
};

const tooQuick =
  "resolution: whole minutes from 1m to 15m in the cloud, where a schedule fires once a minute at most";

const uriMistake = (key: string, text: string): string | undefined => {
  if (login.test(text.slice(text.indexOf(":") + 1))) return `${key}: a password in a URL: ${literal}`;
  for (const [option, value] of new URLSearchParams(text.slice(text.indexOf("?") + 1))) {
    if (!secretOptions.has(option)) {
      if (hasReference(value)) return `${key}: a reference in ${option} must be written as it is`;
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

/** A file that the configuration names and discovery reads, and who names it. */
export interface NamedFile {
  readonly path: string;
  /** `job "pods"` or `cluster "prod-eu"`. */
  readonly owner: string;
}

/** Every file that discovery reads because of a configuration; patterns of `file_sd_configs` are among them. */
export const namedFiles = (
  { jobs }: Configuration,
  { clusters, metrics, adapters }: Settings,
): NamedFile[] => [
  ...jobs.flatMap(({ name, sdConfigs }) => filesIn(sdConfigs, `job ${JSON.stringify(name)}`)),
  ...clusters.flatMap(({ name = "", access }) => filesIn(access, `cluster ${JSON.stringify(name)}`)),
  ...(metrics?.sources ?? []).flatMap(({ cluster }) => filesIn(cluster, "a source of metrics")),
  ...(metrics?.sinks ?? []).flatMap((sink) => filesIn(sink, `sink ${sink.kind}`)),
  ...adapters.flatMap((adapter) => filesIn(adapter, `adapter of cluster ${JSON.stringify(adapter.cluster)}`)),
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
