import type { AdapterSettings } from "../config/adapters.ts";
import type { Log } from "../log.ts";
import { type Collection, planCollections } from "../metrics/plan.ts";
import type { MetricStore } from "../metrics/store/store.ts";
import { coreResources, createMapper } from "./mapper/known.ts";
import type { Mapper } from "./mapper/mapper.ts";
import { type OpenPrometheusOptions, openPrometheus } from "./prometheus/open.ts";
import { createModelStoreProvider } from "./provider/modelstore.ts";
import { createPrometheusProvider } from "./provider/prometheus.ts";
import type { Provider } from "./provider/provider.ts";
import { type BuiltRegistry, buildRegistry } from "./registry/build.ts";
import type { Registries } from "./registry/registries.ts";
import type { ConfiguredAdapter, CurrentAdapters } from "./settings.ts";

/** An adapter ready to answer. */
export interface OpenedAdapter {
  readonly settings: AdapterSettings;
  readonly provider: Provider;
  /** As of the last relist; before one, and without a Prometheus, of what every cluster has. */
  mapper(): Promise<Mapper>;
}

export interface AdaptersParts extends OpenPrometheusOptions {
  readonly current: () => Promise<CurrentAdapters | undefined>;
  readonly registries: Registries;
  readonly store: MetricStore;
  readonly log: Log;
}

/** The adapters of the accepted configuration; the same objects as long as it is the same. */
export const createAdapters = (parts: AdaptersParts) => {
  let latest:
    | {
        readonly current: CurrentAdapters;
        readonly opened: readonly OpenedAdapter[];
        readonly close: () => void;
      }
    | undefined;
  return async (): Promise<readonly OpenedAdapter[]> => {
    const current = await parts.current();
    if (current === undefined) return [];
    if (latest?.current !== current) {
      latest?.close();
      latest = { current, ...openAll(current, parts) };
    }
    return latest.opened;
  };
};

const openAll = (current: CurrentAdapters, parts: AdaptersParts) => {
  const closings: (() => void)[] = [];
  const opened = current.adapters.map((adapter): OpenedAdapter => {
    const registry = createRegistryReader(adapter.settings.cluster, parts);
    const mapper = async () => (await registry())?.mapper ?? coreMapper;
    const { prometheus } = adapter.settings;
    if (prometheus === undefined || adapter.rules === undefined)
      return { settings: adapter.settings, provider: modelProvider(adapter, current, parts), mapper };
    const asked = openPrometheus(prometheus, parts);
    closings.push(asked.close);
    const { parsed: rules } = adapter.rules;
    const provider = createPrometheusProvider({
      rules,
      registry,
      prometheus: asked,
      now: parts.now,
      log: parts.log,
    });
    return { settings: adapter.settings, provider, mapper };
  });
  return { opened, close: () => closings.forEach((close) => void close()) };
};

const coreMapper = createMapper(coreResources);

const modelProvider = (
  { settings }: ConfiguredAdapter,
  current: CurrentAdapters,
  { store }: AdaptersParts,
): Provider => {
  const { collections } = planCollections(current.settings, current.servers);
  const collection =
    collections.find(({ cluster }) => cluster === settings.cluster) ?? collections.find(isSame(settings));
  const resolution = current.settings.metrics?.resolution ?? 60_000;
  return createModelStoreProvider({
    latest: () => store.latest(collection?.cluster ?? settings.cluster),
    resolution,
  });
};

/** A cluster that the settings do not name is kept by its address, or as the one around us. */
const isSame =
  ({ access }: AdapterSettings) =>
  (collection: Collection): boolean =>
    JSON.stringify(collection.access) === JSON.stringify(access);

/** Milliseconds that a registry is taken for the newest: a relist comes once a minute at most. */
const fresh = 5_000;

/** The last good registry of a cluster; one that has become another is read and built once. */
const createRegistryReader = (
  cluster: string,
  { registries, now }: Pick<AdaptersParts, "registries" | "now">,
) => {
  let held: { readonly place: string; readonly built: BuiltRegistry } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<BuiltRegistry | undefined> => {
    const state = await registries.state(cluster);
    if (state?.registry !== undefined && state.registry !== held?.place) {
      const record = await registries.record(state);
      if (record !== undefined) held = { place: state.registry, built: buildRegistry(record) };
    }
    lookedAt = now();
    return held?.built;
  };
  let looking: Promise<BuiltRegistry | undefined> | undefined;
  return async (): Promise<BuiltRegistry | undefined> => {
    if (now() - lookedAt < fresh) return held?.built;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
};
