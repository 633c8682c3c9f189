import { snappyCompress } from "@platformatic/wasm-utils";
import type { RemoteWriteSettings } from "../../../config/metrics/settings.ts";
import type { TransportOptions } from "../../../http/client.ts";
import type { DataBatch } from "../../batch.ts";
import type { Sink } from "../../sink.ts";
import { packsOf } from "../point.ts";
import { createPoster, refused } from "../poster.ts";
import { writeRequestOf } from "./request.ts";
import { type Series, type SeriesOptions, seriesOf } from "./series.ts";

export interface RemoteWriteParts {
  readonly name: string;
  /** The cluster's name in the settings, if it has one. */
  readonly clusterName: string | undefined;
  readonly http: TransportOptions;
}

/** Prometheus's remote write, version 1, to Prometheus itself or whatever else receives it. A request that is refused is not sent again. */
export const createRemoteWriteSink = (
  settings: RemoteWriteSettings,
  { name, clusterName, http }: RemoteWriteParts,
): Sink => {
  const post = createPoster(settings, http);
  const url = new URL(settings.url);
  const options = {
    prefix: settings.prefix,
    clusterName: settings.clusterName ?? clusterName ?? "default",
  };
  return {
    name,
    export: async (batch, signal) => {
      for (const series of packsOf(allSeries(batch, options), mostSeries)) {
        const body = snappyCompress(Buffer.from(writeRequestOf(series, batch.timestamp)));
        const reply = await post(url, { body, headers }, signal);
        if (reply.status < 200 || reply.status > 299) throw refused("POST", url, reply);
      }
    },
  };
};

/** About a megabyte before compression. */
const mostSeries = 5_000;

const headers = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "user-agent": "rollcall",
  "x-prometheus-remote-write-version": "0.1.0",
};

function* allSeries({ sets }: DataBatch, options: SeriesOptions): Generator<Series> {
  for (const set of sets.values()) yield* seriesOf(set, options);
}
