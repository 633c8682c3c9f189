import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Environment } from "./environment.ts";

/** The metrics in CloudWatch's namespace `Rollcall`, by the function that tells them, with their units (docs/runbook.md). */
export const meterUnits = {
  StaleProviders: MetricUnit.Count,
  FailingProviders: MetricUnit.Count,
  GuardHeldProviders: MetricUnit.Count,
  ClustersWithoutRelay: MetricUnit.Count,
  ReducerLagSeconds: MetricUnit.Seconds,
  ConfigurationRefused: MetricUnit.Count,
  ConfigurationMissing: MetricUnit.Count,
  Targets: MetricUnit.Count,
  EventsAnnounced: MetricUnit.Count,
  EntriesFailed: MetricUnit.Count,
  LookFailures: MetricUnit.Count,
  RelayHeartbeat: MetricUnit.Count,
  ChangesApplied: MetricUnit.Count,
  ChangesStale: MetricUnit.Count,
  DeadLetters: MetricUnit.Count,
  ListsServed: MetricUnit.Count,
  ListBytes: MetricUnit.Bytes,
  ListsRefused: MetricUnit.Count,
} as const;
export type MetricName = keyof typeof meterUnits;

/** What CloudWatch alarms and dashboards are made of. */
export interface Meter {
  /** Adds to what is told at the next flush; 0 is told too. */
  add(name: MetricName, value: number): void;
  /** Writes all of it as one line in the embedded metric format; nothing when there is nothing. */
  flush(): void;
}

/** Tells nothing: on one machine the same figures are in `/metrics`. */
export const silentMeter: Meter = { add: () => undefined, flush: () => undefined };

/** The meter of a deployed function: one dimension, `service`, which is the stack's name. */
export const createMeter = ({ where, serviceName }: Pick<Environment, "where" | "serviceName">): Meter => {
  if (where === "local") return silentMeter;
  const metrics = new Metrics({ namespace: "Rollcall", serviceName });
  // Added up here: Powertools would keep each value, and write a line for every hundred of them.
  const sums = new Map<MetricName, number>();
  return {
    add: (name, value) => void sums.set(name, (sums.get(name) ?? 0) + value),
    flush: () => {
      if (sums.size === 0) return;
      for (const [name, value] of sums) metrics.addMetric(name, meterUnits[name], value);
      sums.clear();
      metrics.publishStoredMetrics();
    },
  };
};
