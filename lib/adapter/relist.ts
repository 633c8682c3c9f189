import type { Clock } from "../clock.ts";
import type { PrometheusSettings } from "../config/adapters.ts";
import { reasonOf } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import type { Log } from "../log.ts";
import { discoverResources, type GetDocument } from "./mapper/discover.ts";
import { createMapper } from "./mapper/known.ts";
import type { OpenedPrometheus } from "./prometheus/open.ts";
import { discover } from "./registry/discover.ts";
import type { RegistryRecord } from "./registry/record.ts";
import type { Registries, RelistState } from "./registry/registries.ts";
import type { ConfiguredAdapter, CurrentAdapters } from "./settings.ts";

export interface RelistParts {
  /** Undefined before a configuration was accepted. */
  readonly current: () => Promise<CurrentAdapters | undefined>;
  readonly registries: Registries;
  /** The API server of an adapter's cluster. */
  readonly clusterOf: (settings: ConfiguredAdapter["settings"]) => {
    readonly get: GetDocument;
    readonly close: () => void;
  };
  readonly open: (settings: PrometheusSettings) => OpenedPrometheus;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** `waiting`: it is not due, or somebody else is at it. */
export interface Relisted {
  readonly cluster: string;
  readonly outcome: "relisted" | "failed" | "waiting";
}

/**
 * Looks anew at the series of every adapter's Prometheus whose interval is over (spec B4): at once when there is no registry or the rules have
 * become others, else the interval after the last look ended. What fails keeps the registry that was good last.
 */
export const createRelist = (parts: RelistParts) => async (): Promise<Relisted[]> => {
  const adapters = (await parts.current())?.adapters ?? [];
  return inFlight(adaptersAtOnce, adapters, async (adapter): Promise<Relisted> => {
    const { cluster } = adapter.settings;
    try {
      return { cluster, outcome: await relistOne(adapter, parts) };
    } catch (error) {
      parts.log.error("a registry of metrics cannot be kept", { cluster, reason: reasonOf(error) });
      return { cluster, outcome: "failed" };
    }
  });
};

const adaptersAtOnce = 4;

/** Milliseconds that a look may take; who has not ended by then is dead. */
const longestLook = 150_000;
/** A schedule fires a little early or late, by no more than this part of an interval. */
const jitter = 0.05;

const relistOne = async (adapter: ConfiguredAdapter, parts: RelistParts): Promise<Relisted["outcome"]> => {
  const { registries, clock } = parts;
  const { cluster, prometheus, relistInterval } = adapter.settings;
  const { rules } = adapter;
  const before = await registries.state(cluster);
  const at = clock.now();
  const isSame = before !== undefined && before.rules === (rules?.hash ?? "");
  if (isSame && at < before.ended + relistInterval * (1 - jitter)) return "waiting";
  if (!(await registries.take(cluster, { at, since: sinceOf(before, at) }))) return "waiting";
  const look = prometheus === undefined || rules === undefined ? resourcesOnly : seriesToo;
  const base = { cluster, began: at, rules: rules?.hash ?? "" };
  try {
    const record = await look({ adapter, parts, at });
    await registries.finish({ ...base, ended: clock.now(), good: at, failures: 0 }, record);
    tellGood(before, { cluster, record }, parts);
    return "relisted";
  } catch (error) {
    const reason = reasonOf(error);
    const failures = (before?.failures ?? 0) + 1;
    const good = before?.good === undefined ? {} : { good: before.good };
    await registries.finish({ ...base, ...good, ended: clock.now(), failures, reason });
    tellFailed(before, { cluster, reason, failures }, parts);
    return "failed";
  }
};

/** Another look that began after the last one we know of, and may still be under way, is left alone. */
const sinceOf = (before: RelistState | undefined, at: number) =>
  Math.max(before?.began ?? 0, at - longestLook);

interface Look {
  readonly adapter: ConfiguredAdapter;
  readonly parts: RelistParts;
  readonly at: number;
}

const seriesToo = async ({ adapter, parts, at }: Look): Promise<RegistryRecord> => {
  const { settings, rules } = adapter;
  if (rules === undefined || settings.prometheus === undefined) throw new Error("there is no Prometheus");
  const resources = await resourcesOf({ adapter, parts, at });
  const prometheus = parts.open(settings.prometheus);
  try {
    const mapper = createMapper(resources);
    const start = (at - settings.maxAge) / 1000;
    const found = await discover({ rules: rules.parsed, mapper, prometheus, start });
    return { at, rules: rules.file, resources, ...found };
  } finally {
    prometheus.close();
  }
};

/** What the model store's metrics are about has no need of rules, but of what paths mean. */
const resourcesOnly = async (look: Look): Promise<RegistryRecord> => ({
  at: look.at,
  rules: { path: "", text: "" },
  resources: await resourcesOf(look),
  custom: [],
  external: [],
});

const resourcesOf = async ({ adapter, parts }: Look) => {
  const { cluster } = adapter.settings;
  const { get, close } = parts.clusterOf(adapter.settings);
  try {
    const { resources, problems } = await discoverResources(get);
    for (const problem of problems)
      parts.log.debug("a group of the cluster is passed over", { cluster, problem });
    return resources;
  } catch (cause) {
    throw new Error(`the cluster's resources: ${reasonOf(cause)}`, { cause });
  } finally {
    close();
  }
};

/** Each change is told once; a failure that goes on is counted. */
const tellGood = (
  before: RelistState | undefined,
  { cluster, record }: { readonly cluster: string; readonly record: RegistryRecord },
  { log }: RelistParts,
): void => {
  const found = { cluster, custom: record.custom.length, external: record.external.length };
  if (before?.reason !== undefined)
    log.info("metrics are relisted again", { ...found, failures: before.failures });
  else if (before === undefined) log.info("metrics are listed for the first time", found);
};

const tellFailed = (
  before: RelistState | undefined,
  failed: { cluster: string; reason: string; failures: number },
  { log }: RelistParts,
): void => {
  if (before?.reason === undefined)
    log.error("metrics cannot be relisted; those listed before go on", failed);
  else log.debug("metrics cannot be relisted still", failed);
};
