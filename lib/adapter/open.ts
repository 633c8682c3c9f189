import type { AdapterSettings } from "../config/adapters.ts";
import type { Log } from "../log.ts";
import { type Collection, planCollections } from "../metrics/plan.ts";
import type { MetricStore } from "../metrics/store/store.ts";
import { createHeld } from "./held.ts";
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
  /** Aborted a while after the configuration became another, when nobody asks by this one any longer. */
  readonly ended: AbortSignal;
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
  const { now, log } = parts;
  const read = createHeld({ read: parts.current, what: "the accepted configuration", now, log });
  return async (): Promise<readonly OpenedAdapter[]> => {
    const current = await read();
    if (current === undefined) return [];
    if (latest?.current !== current) {
      // Who asks by the old ones now has an answer by then.
      if (latest !== undefined) setTimeout(latest.close, lingering).unref();
      latest = { current, ...openAll(current, parts) };
    }
    return latest.opened;
  };
};

/** Milliseconds, more than a request may take. */
const lingering = 60_000;

const openAll = (current: CurrentAdapters, parts: AdaptersParts) => {
  const closings: (() => void)[] = [];
  const ending = new AbortController();
  const { signal: ended } = ending;
  const opened = current.adapters.map((adapter): OpenedAdapter => {
    const registry = createRegistryReader(adapter.settings.cluster, parts);
    const mapper = async () => (await registry())?.mapper ?? coreMapper;
    const { prometheus } = adapter.settings;
    if (prometheus === undefined || adapter.rules === undefined)
      return { settings: adapter.settings, provider: modelProvider(adapter, current, parts), mapper, ended };
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
    return { settings: adapter.settings, provider, mapper, ended };
  });
  const close = () => {
    ending.abort();
    closings.forEach((one) => void one());
  };
  return { opened, close };
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

/** The last good registry of a cluster; one that has become another is read and built once. */
const createRegistryReader = (
  cluster: string,
  { registries, now, log }: Pick<AdaptersParts, "registries" | "now" | "log">,
) => {
  let known: { readonly place: string; readonly built: BuiltRegistry } | undefined;
  const read = async (): Promise<BuiltRegistry | undefined> => {
    const state = await registries.state(cluster);
    if (state?.registry === undefined || state.registry === known?.place) return known?.built;
    const record = await registries.record(state);
    if (record !== undefined) known = { place: state.registry, built: buildRegistry(record) };
    return known?.built;
  };
  const what = `the registry of cluster ${JSON.stringify(cluster)}`;
  return createHeld({ read, first: { value: undefined }, what, now, log });
};
