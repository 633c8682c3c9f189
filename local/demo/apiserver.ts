import { randomBytes } from "node:crypto";
import { createFaults, type Faults } from "./faults.ts";
import { apiHandler } from "./handler.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { listen, type Tls } from "./listener.ts";
import { createRequestLog, type RequestLog } from "./requestlog.ts";
import { createStore, type Store } from "./store.ts";
import type { Behaviour } from "./watch.ts";

/** A Kubernetes API server for the demo and for tests: real HTTP on loopback, read-only, objects through the store API. */
export interface ApiServer
  extends Pick<Store, "apply" | "remove" | "get" | "objects" | "compact" | "version"> {
  readonly url: string;
  readonly port: number;
  /** The bearer token it wants; "" means that it wants none. */
  readonly token: string;
  readonly faults: Faults;
  readonly behaviour: Behaviour;
  readonly requests: RequestLog;
  /** Of one path, or of all. */
  openWatches(path?: string): number;
  /** Breaks the watches of one path, or all; they have been answered well until then. Returns how many. */
  dropWatches(path?: string): number;
  /** Writes a kubeconfig with the token, mode 0600, and returns its path. */
  kubeconfig(folder: string): Promise<string>;
  close(): Promise<void>;
}

export interface ApiServerOptions {
  /** Absent: a random one. "": every request is let in. */
  readonly token?: string;
  /** Absent or 0: any free one. */
  readonly port?: number;
  /** Events remembered for each kind. */
  readonly historyLimit?: number;
  /** A server that comes back must count on from where it was; one that counts from the time of its start does. */
  readonly firstVersion?: number;
  /** Unix milliseconds, for creation times. */
  readonly clock?: () => number;
  readonly tls?: Tls;
  readonly behaviour?: Partial<Behaviour>;
}

export const startApiServer = async (options: ApiServerOptions = {}): Promise<ApiServer> => {
  const clock = options.clock ?? Date.now;
  const token = options.token ?? randomBytes(16).toString("hex");
  const store = createStore({
    historyLimit: options.historyLimit ?? 10_000,
    firstVersion: options.firstVersion,
    clock,
  });
  const faults = createFaults();
  const requests = createRequestLog();
  const behaviour: Behaviour = {
    expired: "event",
    watchList: false,
    bookmarkMilliseconds: 60_000,
    ...options.behaviour,
  };
  const { handler, watches } = apiHandler({ store, faults, requests, behaviour, token, clock });
  const { url, port, close } = await listen(handler, { port: options.port ?? 0, tls: options.tls });
  const onPath = (path?: string) => [...watches].filter((one) => path === undefined || one.path === path);
  return {
    ...store,
    url,
    port,
    token,
    faults,
    behaviour,
    requests,
    openWatches: (path) => onPath(path).length,
    dropWatches: (path) => onPath(path).map((watch) => watch.drop()).length,
    kubeconfig: (folder) => writeKubeconfig(folder, { url, token, ...(options.tls && { tls: options.tls }) }),
    close,
  };
};
