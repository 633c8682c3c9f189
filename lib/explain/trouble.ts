import type { Provider } from "../discovery/provider.ts";
import { healthOf } from "../pool/health.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { Reason } from "./reason.ts";
import { ago, brief } from "./words.ts";

/** Why a provider's last look says nothing about what was asked for. */
export interface Trouble {
  readonly reason: Extract<
    Reason,
    "not_looked_yet" | "unreachable" | "unauthorized" | "forbidden" | "provider_failing" | "stale"
  >;
  readonly detail: string;
}

/** Undefined where the provider is well, or fails only for other namespaces. `namespace` is that of what was asked for. */
export const troubleOf = (
  provider: Provider,
  status: ProviderStatus | undefined,
  { now, namespace }: { now: number; namespace: string | undefined },
): Trouble | undefined => {
  const health = healthOf(status, now);
  if (health === "never" || status === undefined) {
    return { reason: "not_looked_yet", detail: `no look at ${provider.cluster} has ended yet` };
  }
  if (health === "stale") {
    const last = status.lastSuccess === undefined ? "" : `, ${ago(status.lastSuccess, now)}`;
    return { reason: "stale", detail: `nobody has looked at ${provider.cluster} since the last look${last}` };
  }
  const line = lineAbout(status.lastError, namespace);
  return line === undefined ? undefined : { reason: kindOf(line), detail: brief(line, 400) };
};

/** A look at several namespaces joins what went wrong in each; where all of them failed it names the first few only. */
const lineAbout = (error: string, namespace: string | undefined): string | undefined => {
  const lines = error.split("; ").filter((line) => line !== "");
  const own = lines.find((line) => concerns(line, namespace));
  return own !== undefined && /^and \d+ more$/.test(own) ? lines[0] : own;
};

const concerns = (line: string, namespace: string | undefined): boolean => {
  const [, named] = /\/namespaces\/([^/\s:]+)\//.exec(line) ?? [];
  return named === undefined || namespace === undefined || named === namespace;
};

/** By the status that a server answered with, else by how a connection fails: the records have the text only. */
const kindOf = (line: string): Trouble["reason"] => {
  const [, status] = /(?:: |\bstatus )(\d{3})(?: [A-Z][A-Za-z-]*|:|$)/.exec(line) ?? [];
  if (status === "401") return "unauthorized";
  if (status === "403") return "forbidden";
  if (status !== undefined) return /^(?:429|5)/.test(status) ? "unreachable" : "provider_failing";
  return systemError.test(line) || noConnection.test(line) ? "unreachable" : "provider_failing";
};

/** As Node spells the system's own; a file that is missing or shut has another reason. */
const systemError =
  /\b(?:ECONN[A-Z]+|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|EADDRNOTAVAIL)\b/;

const noConnection =
  /\b(?:getaddrinfo|connect|connection|socket|no answer within|timed? ?out|timeout|aborted|broke off|certificate|TLS|SSL|hang up|expired between|no Swarm master)\b/i;
