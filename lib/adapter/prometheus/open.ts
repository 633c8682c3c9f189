import type { PrometheusSettings } from "../../config/adapters.ts";
import type { Reach } from "../../discovery/reach.ts";
import { createTransport } from "../../http/client.ts";
import type { Transport } from "../../http/transport.ts";
import type { Log } from "../../log.ts";
import { createPrometheus } from "./client.ts";
import type { Prometheus } from "./prometheus.ts";
import { signing } from "./sigv4.ts";

export interface OpenPrometheusOptions {
  readonly reach: Reach;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

export interface OpenedPrometheus extends Prometheus {
  /** Ends its connections. */
  close(): void;
}

/** A Prometheus as the settings have it. What it remarks is logged once for each text. */
export const openPrometheus = (
  settings: PrometheusSettings,
  { reach, now, log }: OpenPrometheusOptions,
): OpenedPrometheus => {
  const { publicOnly, credentialsFor, identityOf } = reach;
  const plain = createTransport(settings.httpClient, { publicOnly, credentialsFor, now });
  const { sigv4 } = settings;
  const transport: Transport =
    sigv4 === undefined ? plain : signing(plain, sigv4, { credentials: credentialsFor(), identityOf, now });
  const told = new Set<string>();
  const warn = (place: string, warnings: readonly string[]): void => {
    for (const warning of warnings) {
      const text = warning.replace(/\s+/g, " ").slice(0, 300);
      if (told.has(text) || told.size >= mostTold) continue;
      told.add(text);
      log.warn("Prometheus remarks on an answer", { place, warning: text });
    }
  };
  return { ...createPrometheus(settings, { transport, warn }), close: transport.close };
};

const mostTold = 100;
