import { basename } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { canonicalConfig } from "../../lib/discovery/canonical.ts";

/** A discovery block as far as it says what is found: not how, and not with which credentials. */
export interface Scope {
  /** `kubernetes pod`, `docker` and so on; several may be of one kind. */
  readonly kind: string;
  /** Equal for equal ones. */
  readonly text: string;
  /** The same without namespaces, and those; undefined when it takes all. */
  readonly otherwise: string;
  readonly namespaces: ReadonlySet<string> | undefined;
}

/** The blocks of a job in Rollcall's own writing, as `/api/v1/scrape_pools/config` tells it; secrets are not in it. */
export const scopesIn = (yaml: string): Scope[] =>
  Object.entries(jobShape.parse(parse(yaml))).flatMap(([key, value]) => {
    const mechanism = /^(\w+)_sd_configs$/.exec(key)?.[1];
    return mechanism === undefined ? [] : blocks.parse(value).map((block) => scopeOf(mechanism, block));
  });

const jobShape = z.record(z.string(), z.unknown());
const blocks = z.array(z.record(z.string(), z.unknown()));
const namespacesShape = z.looseObject({ names: z.array(z.string()).optional() });

/** What a cluster is reached with and how often; which cluster it is, is told apart. */
const manner = new Set([
  "api_server",
  "kubeconfig_file",
  "authorization",
  "basic_auth",
  "oauth2",
  "bearer_token",
  "bearer_token_file",
  "tls_config",
  "proxy_url",
  "no_proxy",
  "proxy_from_environment",
  "proxy_connect_header",
  "follow_redirects",
  "enable_http2",
  "http_headers",
  "refresh_interval",
]);

const scopeOf = (mechanism: string, block: Readonly<Record<string, unknown>>): Scope => {
  const lasting = Object.entries(block).filter(([key]) => !manner.has(key));
  const told = Object.fromEntries(
    lasting.map(([key, value]) => [key, key === "files" ? baseNames(value) : value]),
  );
  const { namespaces, ...others } = told;
  const names = namespacesShape.safeParse(namespaces).data?.names ?? [];
  return {
    kind: kindOf(mechanism, block.role),
    text: canonicalConfig(told),
    otherwise: canonicalConfig(others),
    namespaces: names.length === 0 ? undefined : new Set(names),
  };
};

export const kindOf = (mechanism: string, role: unknown): string =>
  typeof role === "string" ? `${mechanism} ${role}` : mechanism;

/** A file's folder is that of the configuration, which is another one on another machine. */
const baseNames = (files: unknown): unknown =>
  Array.isArray(files) ? files.map((file) => basename(String(file))) : files;
