import { reasonOf } from "../../errors.ts";
import type { TargetGroup } from "../../targetgroup/targetgroup.ts";
import type { Look, Outcome } from "../discoverer.ts";
import type { Provider } from "../provider.ts";

/** What a look at one namespace found, or at everything. */
export interface Seen {
  readonly groups: readonly TargetGroup[];
  /** Sources whose objects exist but give no group now; their last group stays. */
  readonly withoutGroup: readonly string[];
}

/**
 * A provider's outcome from what became of its scopes, in their order: the failed ones keep their sources, and when all
 * failed there is no look.
 */
export const outcomeOf = (
  provider: Provider,
  scopes: readonly { readonly namespace: string }[],
  results: readonly PromiseSettledResult<Seen>[],
): Outcome => {
  const seen = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const errors = results.flatMap((result) => (result.status === "rejected" ? [asError(result.reason)] : []));
  if (seen.length === 0) return { provider, error: together(errors) };
  const failed = new Set(
    scopes.filter((_, at) => results[at]!.status === "rejected").map((s) => s.namespace),
  );
  const withoutGroup = new Set(seen.flatMap((one) => one.withoutGroup));
  const look: Look = {
    groups: seen.flatMap(({ groups }) => groups),
    keeps: (source) => withoutGroup.has(source) || failed.has(source.split("/", 2)[1] ?? ""),
    // A node without an address is no fault of the look: upstream, too, just lets its last group stay (spec §2.4).
    problems: linesOf(errors),
  };
  return { provider, look };
};

/** One outcome for each provider, as they were asked for; who has none is not of this mechanism. */
export const inOrderOf = (providers: readonly Provider[], outcomes: readonly Outcome[]): Outcome[] => {
  const byProvider = new Map(outcomes.map((outcome) => [outcome.provider, outcome]));
  return providers.map(
    (provider) =>
      byProvider.get(provider) ?? {
        provider,
        error: new Error(`${provider.id} is not a Kubernetes provider`),
      },
  );
};

/** One reason if it is everywhere the same, such as a server that is away; else the first few. */
const together = (errors: readonly Error[]): Error => {
  const lines = linesOf(errors);
  if (lines.length === 1) return errors[0]!;
  const more = lines.length > mostReasons ? `; and ${lines.length - mostReasons} more` : "";
  return new Error(lines.slice(0, mostReasons).join("; ") + more, { cause: errors[0] });
};

const mostReasons = 3;

const linesOf = (errors: readonly Error[]): string[] => [...new Set(errors.map(reasonOf))];

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
