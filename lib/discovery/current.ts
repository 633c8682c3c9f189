import type { AcceptedConfigurations } from "../config/accepted.ts";
import type { Understood } from "../config/understand.ts";
import type { Provider } from "./provider.ts";

/** The accepted configuration, understood, and who is to be looked at because of it. */
export interface Plan extends Understood {
  /** Of the accepted document: the same hash means the same plan. */
  readonly hash: string;
  readonly providers: readonly Provider[];
}

/** Reads the accepted configuration as every function but `tick` does; parsed once per accepted document. */
export const createPlanReader = (accepted: AcceptedConfigurations) => {
  let latest: Plan | undefined;
  return async (): Promise<Plan | undefined> => {
    const reading = accepted.current();
    // Loaded while the table is asked for the first time: it is a third of what a function has to load.
    const [current, { understand, planProviders }] = await Promise.all([reading, load()]);
    if (current === undefined) return undefined;
    if (latest?.hash === current.hash) return latest;
    // Whoever accepted it has made the key, so nobody else needs the right to.
    const key = await accepted.providerKey();
    const understood = understand(current.document);
    const { configuration, settings } = understood;
    const { servers, follow } = current.document;
    const providers = planProviders({ configuration, settings, key, servers, follow });
    latest = { ...understood, hash: current.hash, providers };
    return latest;
  };
};

const load = async () => {
  const [{ understand }, { planProviders }] = await Promise.all([
    import("../config/understand.ts"),
    import("./plan.ts"),
  ]);
  return { understand, planProviders };
};

export type PlanReader = ReturnType<typeof createPlanReader>;
