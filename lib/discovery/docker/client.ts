import { longestTimer } from "../../clock.ts";
import type { DockerFilter, DockerSdConfig, DockerSwarmSdConfig } from "../../config/configuration.ts";
import { defaultHttpClient } from "../../config/http-client.ts";
import { reasonOf, TransientError } from "../../errors.ts";
import { placeOf } from "../../http/place.ts";
import type { Answer, Transport } from "../../http/transport.ts";
import type { TransportFor } from "../../http/transports.ts";
import { userAgent } from "../http.ts";
import { parseList, type Resource, refuseUnfit } from "./answer.ts";
import { filterQuery } from "./filters.ts";
import { parseHost } from "./host.ts";
import { createSocketTransport } from "./socket.ts";
import { negotiatedVersion } from "./version.ts";

/** Asks one daemon during one look. */
export interface DockerClient {
  /**
   * A whole list; the filters go into the query. Rejects with one line that names the place: a TransientError for network
   * trouble or a time-out, an Error for a status other than 200 or a body that is not what was expected.
   */
  list<Item>(resource: Resource<Item>, filters?: readonly DockerFilter[]): Promise<readonly Item[]>;
}

export interface ConnectOptions {
  readonly transportFor: TransportFor;
  /** A socket of this machine is refused. */
  readonly publicOnly: boolean;
  /** A larger body is refused. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

type Config = DockerSdConfig | DockerSwarmSdConfig;

/**
 * Asks the daemon for its version and takes the older of its and ours from then on (spec §3.1). This happens at each look,
 * so that a daemon may be upgraded or replaced at any time. Each request may take one refresh interval, whatever carries it.
 */
export const connectDocker = async (config: Config, options: ConnectOptions): Promise<DockerClient> => {
  const daemon = daemonOf(config, options);
  const { signal, maxBytes } = options;
  const patience = { signal, milliseconds: Math.min(config.refreshInterval, longestTimer) };
  const version = await ping(daemon, patience);
  return {
    list: (resource, filters = []) => {
      const url = daemon.at(`/v${version}${resource.path}`);
      const query = filterQuery(filters);
      if (query !== undefined) url.searchParams.set("filters", query);
      return ask(daemon, url, { ...patience, read: (answer) => parseList(answer, resource, maxBytes) });
    },
  };
};

/** Who carries requests to a daemon, and how its places are told. */
interface Daemon {
  readonly transport: Transport;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: (path: string) => URL;
  readonly nameOf: (url: URL) => string;
}

const daemonOf = (config: Config, { transportFor, publicOnly }: ConnectOptions): Daemon => {
  const host = parseHost(config.host);
  if (publicOnly && host.kind === "socket") {
    throw new Error(`unix://${host.path} is a socket of this machine, which is not reached from the cloud`);
  }
  const headers = { accept: "application/json" };
  if (host.kind === "socket") {
    const at = (path: string) => new URL(path, "http://docker");
    const nameOf = (url: URL) => `unix://${host.path} ${url.pathname}`;
    return { transport: createSocketTransport(host.path), headers, at, nameOf };
  }
  const base = `${host.url.origin}${host.url.pathname}`.replace(/\/+$/, "");
  const there = { at: (path: string) => new URL(`${base}${path}`), nameOf: placeOf };
  return host.kind === "plain"
    ? { transport: transportFor(dockersOwn), headers, ...there }
    : {
        transport: transportFor(config.httpClient),
        headers: { ...headers, "user-agent": userAgent },
        ...there,
      };
};

/** Docker's own client takes a proxy from the environment and follows no redirect. */
const dockersOwn = {
  ...defaultHttpClient,
  followRedirects: false,
  proxy: { ...defaultHttpClient.proxy, fromEnvironment: true },
};

interface Patience {
  readonly signal: AbortSignal;
  readonly milliseconds: number;
}

interface Asking<Result> extends Patience {
  readonly method?: "GET" | "HEAD";
  readonly read: (answer: Answer) => Promise<Result>;
}

/** A daemon behind something that refuses HEAD is asked by GET. */
const ping = async (daemon: Daemon, patience: Patience): Promise<string> => {
  const url = daemon.at("/_ping");
  const head = async ({ status, headers }: Answer) =>
    status === 200 ? negotiatedVersion(headers) : undefined;
  const get = async (answer: Answer) => {
    await refuseUnfit(answer);
    return negotiatedVersion(answer.headers);
  };
  const version = await ask(daemon, url, { ...patience, method: "HEAD", read: head });
  return version ?? ask(daemon, url, { ...patience, read: get });
};

const ask = async <Result>(daemon: Daemon, url: URL, asking: Asking<Result>): Promise<Result> => {
  const { method = "GET", milliseconds, read } = asking;
  const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(milliseconds)]);
  const { transport, headers } = daemon;
  try {
    const answer = await transport.open(url, { method, headers, signal, timeoutMilliseconds: milliseconds });
    try {
      return await read(answer);
    } finally {
      answer.body.destroy();
    }
  } catch (thrown) {
    throw faultOf(daemon.nameOf(url), url, thrown);
  }
};

/** Under the name that people know the place by, once. */
const faultOf = (name: string, url: URL, thrown: unknown): Error => {
  const message = `${name}: ${reasonOf(thrown).replace(`${placeOf(url)}: `, "")}`;
  if (thrown instanceof TransientError) return new TransientError(message, { cause: thrown.cause });
  return new Error(message, { cause: thrown });
};
