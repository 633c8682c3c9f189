import type { Plan } from "../discovery/current.ts";
import type { Provider } from "../discovery/provider.ts";
import type { ProviderStatus } from "../pool/status.ts";

/** The job that a path names, percent-encoded or plain; names may contain slashes and per cent signs. The encoded reading goes first: links are encoded. */
export const findJob = (path: string, plan: Plan): string | undefined => {
  const names = new Set(plan.configuration.jobs.map(({ name }) => name));
  return [decoded(path), path].find((name) => name !== undefined && names.has(name));
};

/** Undefined for what is not percent-encoded well. */
export const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    // A lone per cent sign: then the path can only be meant as it stands.
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

/**
 * Why the job's list is not known yet, if so. A reader that got a short list would drop what is only not looked up or
 * not applied yet; so until the first full success of one provider, and until the pool holds what that first look
 * announced, there is no list. Later failures do not count: the last known good is served.
 */
export const unsure = (
  providers: readonly Provider[],
  statuses: readonly ProviderStatus[],
  held: ReadonlyMap<string, number>,
): string | undefined => {
  const records = new Map(statuses.map((status) => [status.provider, status]));
  const known = providers.map(({ id }) => records.get(id));
  const first = known.find((status) => status?.lastAttempt === undefined);
  if (known.includes(undefined) || first !== undefined) return "its first look is still under way";
  if (
    providers.length > 0 &&
    known.every((status) => status?.lastSuccess === undefined && status?.sources === 0)
  ) {
    return `no look has succeeded yet: ${known[0]?.lastError}`;
  }
  const filling = known.find(
    (status) => status !== undefined && isFilling(status, held.get(status.provider) ?? 0),
  );
  if (filling === undefined) return undefined;
  return `${held.get(filling.provider) ?? 0} of ${filling.sources} target groups of its first look have arrived`;
};

/** Once filled, a list that is shorter than the last look's count is only behind by what just changed. */
const isFilling = (status: ProviderStatus, sources: number) =>
  status.filled !== true && sources < status.sources;
