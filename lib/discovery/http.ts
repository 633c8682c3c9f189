import { STATUS_CODES } from "node:http";
import { longestTimer } from "../clock.ts";
import { reasonOf, TransientError } from "../errors.ts";
import { placeOf } from "../http/place.ts";
import { type Answer, readAll, type Transport } from "../http/transport.ts";
import { createTransports, type TransportFor } from "../http/transports.ts";
import { type ParsedGroup, parseJsonGroups } from "../targetgroup/parse.ts";
import { withClusterLabel } from "./clusterlabel.ts";
import type { Discoverer } from "./discoverer.ts";
import { completeLook, eachProvider } from "./outcome.ts";

/** Begins as Prometheus's own does, for servers that tell scrapers by it. */
export const userAgent = "Prometheus/3.14.0 (Rollcall)";

export interface HttpOptions {
  readonly transportFor?: TransportFor;
  /** A larger body, after decompression, is refused; 128 MiB by default. */
  readonly maxBytes?: number;
}

/**
 * `http_sd_configs` (spec §1.2): one group per list item, with the source `<url>:<index>`. Any failure is the provider's
 * error, in Prometheus's words behind the place, and leaves the old groups. The whole exchange may take one refresh
 * interval; bodies over 128 MiB are refused.
 */
export const createHttpDiscoverer = (options: HttpOptions = {}): Discoverer => {
  const { transportFor = createTransports(), maxBytes = 128 * 1024 * 1024 } = options;
  return eachProvider("http", async (provider, signal) => {
    const { url, refreshInterval, httpClient } = provider.config;
    const fetched = { transport: transportFor(httpClient), url: new URL(url), refreshInterval, maxBytes };
    const parsed = await fetchGroups(fetched, signal);
    // A source is told on the bus and in logs, and `__meta_url` to whoever reads the list: neither shows a login.
    const place = placeOf(fetched.url);
    const shown = withoutLogin(url);
    const groups = parsed.map(({ targets, labels }, index) => ({
      source: `${place}:${index}`,
      targets,
      labels: { ...labels, __meta_url: shown },
    }));
    return completeLook(withClusterLabel(provider, groups));
  });
};

/** As written when there is no login in it: Prometheus has the label so. */
const withoutLogin = (written: string): string => {
  const url = new URL(written);
  if (url.username + url.password === "") return written;
  url.username = "";
  url.password = "";
  return url.href;
};

interface Fetch {
  readonly transport: Transport;
  readonly url: URL;
  readonly refreshInterval: number;
  readonly maxBytes: number;
}

const fetchGroups = async (fetch: Fetch, signal: AbortSignal): Promise<ParsedGroup[]> => {
  const { transport, url, refreshInterval, maxBytes } = fetch;
  const milliseconds = Math.min(refreshInterval, longestTimer);
  const answer = await transport.open(url, {
    headers: headersFor(refreshInterval),
    signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]),
    timeoutMilliseconds: milliseconds,
  });
  try {
    refuseUnfit(answer);
    return parseJsonGroups((await readAll(answer, maxBytes)).toString("utf8"));
  } catch (cause) {
    // Trouble on the way already names the place, and stays a call for another try.
    if (cause instanceof TransientError) throw cause;
    throw new Error(`${placeOf(url)}: ${reasonOf(cause)}`, { cause });
  } finally {
    answer.body.destroy();
  }
};

/** The interval in seconds, in its shortest decimal form, so that a server knows for how long the answer has to do. */
const headersFor = (refreshInterval: number): Record<string, string> => ({
  "user-agent": userAgent,
  accept: "application/json",
  "x-prometheus-refresh-interval-seconds": String(refreshInterval / 1000),
});

const refuseUnfit = ({ status, statusText, headers }: Answer): void => {
  if (status !== 200) {
    const text = statusText || STATUS_CODES[status] || "";
    throw new Error(`server returned HTTP status ${status} ${text}`.trimEnd());
  }
  const type = headers["content-type"] ?? "";
  if (!jsonType.test(type.trim())) throw new Error(`unsupported content type ${JSON.stringify(type)}`);
};

const jsonType = /^application\/json(;\s*charset=("utf-8"|utf-8))?$/i;
