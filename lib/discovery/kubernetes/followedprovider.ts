import { reasonOf } from "../../errors.ts";
import type { Outcome } from "../discoverer.ts";
import type { SourceChange } from "../follower.ts";
import type { Provider } from "../provider.ts";
import { type Counts, countedRole, eventOf } from "./counts.ts";
import { createLiveScope, type LiveScope, type LiveScopeParts } from "./livescope.ts";
import { areasOf, type Member } from "./member.ts";
import type { MountOptions } from "./mounted.ts";
import { asError, outcomeOf, type Seen } from "./outcome.ts";
import type { Reflectors } from "./reflectors.ts";

export interface FollowedProvider {
  /**
   * Asks for all that the provider needs, at once; waits until each thing was listed or has failed once, or the signal
   * aborts. What it resolves to builds the outcome out of memory when it is called, without further waiting.
   */
  ready(signal: AbortSignal): Promise<() => Outcome>;
  /** As Following's. */
  prepare(): Promise<void> | undefined;
  /** Why what is in memory may be old, one line each. */
  troubles(): readonly string[];
}

export interface FollowedParts {
  readonly options: MountOptions;
  readonly reflectors: Reflectors;
  /** From the provider's first look on; what comes before is in that look. */
  readonly changed: (change: SourceChange) => void;
  readonly lookAgain: (provider: Provider) => void;
  readonly counts: Counts | undefined;
}

export const followProvider = (member: Member, parts: FollowedParts): FollowedProvider => {
  const { provider } = member;
  let scopes: readonly LiveScope[] | undefined;
  let failure: Error | undefined;
  let looked = false;
  const renewed = () => {
    if (looked) parts.lookAgain(provider);
  };
  const live = liveParts(member, parts);
  const open = () =>
    areasOf(member, parts.options).map((area) => createLiveScope(area, { ...live, renewed }));
  return {
    ready: async (signal) => {
      try {
        scopes ??= open();
        failure = undefined;
      } catch (thrown) {
        const error = asError(thrown);
        failure = error;
        return () => ({ provider, error });
      }
      const asked = scopes;
      const ready = await Promise.allSettled(asked.map((scope) => beforeAbort(scope.ready(), signal)));
      return () => {
        looked = true;
        return outcomeOf(provider, asked, ready.map(nowOf));
      };
    },
    prepare: () => (scopes?.every((scope) => scope.isListed()) ? prepareEach(scopes) : undefined),
    troubles: () => {
      const errors = [...(failure ? [failure] : []), ...(scopes ?? []).flatMap((scope) => scope.troubles())];
      return [...new Set(errors.map(reasonOf))];
    },
  };
};

const prepareEach = async (scopes: readonly LiveScope[]): Promise<void> => {
  for (const scope of scopes) await scope.prepare();
};

const liveParts = ({ provider, config }: Member, parts: FollowedParts): Omit<LiveScopeParts, "renewed"> => ({
  reflectors: parts.reflectors,
  touched: ({ source, build }, at) => parts.changed({ provider, source, at, build }),
  event: (resource, change) => {
    const event = eventOf(change);
    const role = countedRole(config.role, resource, event);
    if (role !== undefined) parts.counts?.event(provider, role, event);
  },
});

const nowOf = (ready: PromiseSettledResult<() => Seen>): PromiseSettledResult<Seen> => {
  if (ready.status === "rejected") return ready;
  try {
    return { status: "fulfilled", value: ready.value() };
  } catch (reason) {
    return { status: "rejected", reason };
  }
};

/** What is waited for goes on; only this wait has an end. */
const beforeAbort = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abandon = () =>
      reject(new Error("not everything was listed before the time was up", { cause: signal.reason }));
    if (signal.aborted) abandon();
    signal.addEventListener("abort", abandon, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
  });
