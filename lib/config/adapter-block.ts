import type { AdapterSettings, AdapterTls, PrometheusSettings } from "./adapters.ts";
import type { KubernetesServer } from "./configuration.ts";
import { Refusal, type Type } from "./decode.ts";
import { duration } from "./durations.ts";
import type { Place } from "./error.ts";
import { joined } from "./paths.ts";
import { prometheusBlock } from "./prometheus-block.ts";
import { type ClusterSettings, isKubernetes } from "./settings.ts";
import { fieldsOf, type PlaceOf, struct } from "./struct.ts";
import { listOf, refined, text } from "./types.ts";

/** An entry as it is written; its cluster is looked up once all of the settings are known. */
export interface WrittenAdapter extends Omit<AdapterSettings, "access"> {
  readonly kubeconfigFile: string;
  readonly place: Place;
}

/** An entry of `adapters` (design §3.7). `folder` is that of the file: relative paths are joined to it. */
export const adapterBlock = (folder: string): Type<WrittenAdapter | undefined> =>
  struct<WrittenAdapter | undefined>({
    name: "settings.adapter",
    zero: undefined,
    begin: (decoder) => {
      const field = fieldsOf(decoder);
      const one: Draft = { ...nothing };
      return {
        fields: {
          cluster: field(text, (value) => (one.cluster = value)),
          host: field(hostName, (value) => (one.host = value)),
          rules_file: field(text, (value) => (one.rulesFile = joined(folder, value))),
          prometheus: field(prometheusBlock(folder), (value) => (one.prometheus = value)),
          metrics_relist_interval: field(relistInterval, (value) => (one.relistInterval = value)),
          metrics_max_age: field(duration, (value) => (one.maxAge = value)),
          kubeconfig_file: field(text, (value) => (one.kubeconfigFile = joined(folder, value))),
          listen: field(listener, (value) => (one.listen = value)),
          tls: field(tlsBlock(folder), (value) => (one.tls = value)),
        },
        finish: (at) => built(one, at),
      };
    },
  });

interface Draft {
  cluster: string;
  host: string;
  rulesFile: string;
  prometheus: PrometheusSettings | undefined;
  relistInterval: number;
  maxAge: number;
  kubeconfigFile: string;
  listen: string;
  tls: AdapterTls | undefined;
}

const minute = 60_000;

/** Milliseconds; in the cloud the schedule fires once a minute, and a shorter interval comes to that. */
export const shortestRelist = 5_000;

const nothing: Draft = {
  cluster: "",
  host: "",
  rulesFile: "",
  prometheus: undefined,
  relistInterval: 10 * minute,
  maxAge: 0,
  kubeconfigFile: "",
  listen: "",
  tls: undefined,
};

const built = (one: Draft, at: PlaceOf): WrittenAdapter => {
  const { cluster, host, rulesFile, prometheus, relistInterval, kubeconfigFile, listen, tls } = one;
  if (cluster === "") throw new Refusal(at("cluster"), "an adapter needs a cluster, whose metrics it serves");
  if (host === "" && listen === "")
    throw new Refusal(at("host"), "an adapter needs a host, by which requests for it are known, or listen");
  if (prometheus !== undefined && rulesFile === "")
    throw new Refusal(at("prometheus"), "a prometheus needs a rules_file, which says what is asked of it");
  if (prometheus === undefined && rulesFile !== "")
    throw new Refusal(at("rules_file"), "a rules_file needs a prometheus, which it is about");
  if (listen !== "" && (tls?.certFile === undefined || tls.keyFile === undefined))
    throw new Refusal(
      at("listen"),
      "listen needs tls with cert_file and key_file: the aggregator asks over TLS",
    );
  // Upstream's words; 0 means the interval itself.
  if (one.maxAge !== 0 && one.maxAge < relistInterval)
    throw new Refusal(at("metrics_max_age"), "max age must not be less than relist interval");
  return {
    cluster,
    host,
    ...(rulesFile !== "" && { rulesFile }),
    ...(prometheus && { prometheus }),
    relistInterval,
    maxAge: one.maxAge === 0 ? relistInterval : one.maxAge,
    kubeconfigFile,
    ...(listen !== "" && { listen }),
    ...(tls && { tls }),
    place: at("cluster"),
  };
};

/** What the aggregator sends as Host: the external name, with a port that is left out here. */
const hostName = refined<string, string>(text, "", (written, place) => {
  const host = written.toLowerCase();
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) return host;
  throw new Refusal(place, `host must be a DNS name without a port, not ${JSON.stringify(written)}`);
});

const relistInterval = refined(duration, 10 * minute, (milliseconds, place) => {
  if (milliseconds >= shortestRelist) return milliseconds;
  throw new Refusal(place, "metrics_relist_interval must be at least 5s");
});

const listener = refined<string, string>(text, "", (written, place) => {
  const port = /^(?:[^\s:/]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(written)?.[1];
  if (port !== undefined && Number(port) <= 65_535) return written;
  throw new Refusal(
    place,
    `listen must be an address and a port, such as 127.0.0.1:6443, not ${JSON.stringify(written)}`,
  );
});

const tlsBlock = (folder: string): Type<AdapterTls | undefined> =>
  struct<AdapterTls | undefined>({
    name: "settings.adapter.tls",
    zero: undefined,
    begin: (decoder) => {
      const field = fieldsOf(decoder);
      const draft = { cert: "", key: "", ca: "", names: [] as readonly string[] };
      return {
        fields: {
          cert_file: field(text, (value) => (draft.cert = joined(folder, value))),
          key_file: field(text, (value) => (draft.key = joined(folder, value))),
          requestheader_client_ca_file: field(text, (value) => (draft.ca = joined(folder, value))),
          requestheader_allowed_names: field(
            listOf("list of names", text),
            (value) => (draft.names = value ?? []),
          ),
        },
        finish: (at) => {
          if ((draft.cert === "") !== (draft.key === ""))
            throw new Refusal(at("cert_file"), "cert_file and key_file go together");
          return {
            ...(draft.cert !== "" && { certFile: draft.cert, keyFile: draft.key }),
            ...(draft.ca !== "" && { requestheaderClientCaFile: draft.ca }),
            requestheaderAllowedNames: draft.names,
          };
        },
      };
    },
  });

/** Finds each entry's cluster. Throws Refusal for one that cannot be reached as Kubernetes, for two of one cluster or host, and for two of one listener that cannot share it. */
export const adaptersOf = (
  written: readonly WrittenAdapter[],
  clusters: readonly ClusterSettings[],
): AdapterSettings[] => {
  for (const key of ["cluster", "host"] as const) {
    const again = written.find(
      (one, at) => one[key] && written.findIndex((other) => other[key] === one[key]) < at,
    );
    if (again !== undefined)
      throw new Refusal(again.place, `two adapters have the ${key} ${JSON.stringify(again[key])}`);
  }
  for (const together of Map.groupBy(written, ({ listen }) => listen).values()) refuseTogether(together);
  return written.map(({ kubeconfigFile, place, ...adapter }) => ({
    ...adapter,
    access:
      kubeconfigFile === ""
        ? accessOf(adapter.cluster, { clusters, place })
        : { kind: "kubeconfig", file: kubeconfigFile },
  }));
};

/** Adapters of one listener are told apart by their hosts, and there is one certificate. */
const refuseTogether = ([first, ...others]: readonly WrittenAdapter[]): void => {
  if (first?.listen === undefined) return;
  const { listen, host, tls } = first;
  for (const other of others) {
    const start = `two adapters have the listen ${JSON.stringify(listen)}`;
    if (host === "" || other.host === "")
      throw new Refusal(other.place, `${start}: each needs a host, by which requests for it are known`);
    if (other.tls?.certFile !== tls?.certFile || other.tls?.keyFile !== tls?.keyFile)
      throw new Refusal(other.place, `${start}: they need the same cert_file and key_file`);
  }
};

const accessOf = (
  name: string,
  { clusters, place }: { clusters: readonly ClusterSettings[]; place: Place },
): KubernetesServer => {
  const found = clusters.find((cluster) => cluster.name === name);
  if (found === undefined) return { kind: "in-cluster" };
  if (isKubernetes(found)) return found.access;
  throw new Refusal(place, `cluster ${JSON.stringify(name)} is none of Kubernetes`);
};
