import type { Plan } from "../discovery/current.ts";
import type { Meter } from "../meter.ts";
import { healthOf } from "../pool/health.ts";
import type { ProviderStatus } from "../pool/status.ts";
import type { ConfigurationFaults } from "./faults.ts";

export interface Measured {
  /** Of the accepted configuration. */
  readonly plan: Pick<Plan, "providers">;
  readonly statuses: readonly ProviderStatus[];
  /** Followed clusters whose lease nobody holds. */
  readonly withoutRelay: number;
  /** Seconds that the reducer is behind. */
  readonly lag: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What CloudWatch is told each minute of the providers that there are. */
export const measure = ({ plan, statuses, withoutRelay, lag, now }: Measured, meter: Meter): void => {
  const records = new Map(statuses.map((status) => [status.provider, status]));
  const known = plan.providers.map(({ id }) => records.get(id));
  const health = known.map((status) => healthOf(status, now));
  meter.add("StaleProviders", health.filter((one) => one === "stale").length);
  meter.add("FailingProviders", health.filter((one) => one === "failing").length);
  meter.add("GuardHeldProviders", known.filter((status) => status?.guard !== undefined).length);
  meter.add("ClustersWithoutRelay", withoutRelay);
  meter.add("ReducerLagSeconds", lag);
  meter.add(
    "Targets",
    known.reduce((sum, status) => sum + (status?.targets ?? 0), 0),
  );
};

/** Each is told at every tick, so that an alarm ends when the fault does. */
export const measureConfiguration = ({ refused, missing }: ConfigurationFaults, meter: Meter): void => {
  meter.add("ConfigurationRefused", refused ? 1 : 0);
  meter.add("ConfigurationMissing", missing ? 1 : 0);
};
