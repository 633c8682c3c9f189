import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../../../../../lib/discovery/kubernetes/client.ts";
import type { Pod } from "../../../../../lib/discovery/kubernetes/objects/pod.ts";
import {
  createReflector,
  type ObjectChange,
  type Reflector,
  type ReflectorOptions,
} from "../../../../../lib/discovery/kubernetes/reflector.ts";
import { pods } from "../../../../../lib/discovery/kubernetes/resources.ts";
import {
  type ApiServer,
  type ApiServerOptions,
  startApiServer,
} from "../../../../../local/demo/apiserver.ts";
import { cleanups, clientOf } from "../listing.ts";

export const podsPath = "/api/v1/pods";

export const startServer = async (options: ApiServerOptions = {}): Promise<ApiServer> => {
  const server = await startApiServer({ token: "", ...options });
  cleanups.push(() => server.close());
  return server;
};

/** A pod that is told from its other states by its IP. */
export const putPod = (server: ApiServer, name: string, ip = "10.0.0.1") =>
  server.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop" },
    spec: { containers: [{ name: "main", image: "busybox" }] },
    status: { podIP: ip, phase: "Running" },
  });

export const removePod = (server: ApiServer, name: string) => server.remove("Pod", "shop", name);

/** What a reflector of pods did, told by its listener and its waits. */
export interface Reflection {
  readonly reflector: Reflector<Pod>;
  /** `listed`, `recovered`, or the change of a key: `+shop/a`, `~shop/a`, `-shop/a`. */
  readonly heard: string[];
  readonly changes: ObjectChange<Pod>[];
  /** Milliseconds between attempts; they pass in no time. */
  readonly pauses: number[];
  /** Every reason that was shown, in order. */
  readonly troubles: string[];
  start(): void;
}

export interface ReflectionOptions extends Partial<ReflectorOptions<Pod>> {
  /** Runs before each thing heard, and may throw. */
  readonly hear?: (what: string) => void;
}

/** A reflector of all pods of a server, not started yet. It is stopped with the test. */
export const reflectPods = (server: ApiServer, options: ReflectionOptions = {}): Reflection => {
  const { hear = () => undefined, ...more } = options;
  const heard: string[] = [];
  const changes: ObjectChange<Pod>[] = [];
  const pauses: number[] = [];
  const troubles: string[] = [];
  const reflector = createReflector({
    resource: pods,
    namespace: "",
    selector: { label: "", field: "" },
    watchList: false,
    client: () => clientOf(server.url),
    clock: Date.now,
    random: () => 0.5,
    wait: async (milliseconds, signal) => {
      if (milliseconds !== settled) pauses.push(milliseconds);
      const trouble = reflector.trouble()?.message;
      if (trouble !== undefined && trouble !== troubles.at(-1)) troubles.push(trouble);
      await delay(milliseconds === settled ? 1 : 3, undefined, { signal });
    },
    ...more,
  });
  const note = (what: string) => {
    hear(what);
    heard.push(what);
  };
  cleanups.push(() => reflector.stop());
  const start = () =>
    reflector.start({
      listed: () => note("listed"),
      recovered: () => note("recovered"),
      changed: (change) => {
        note(`${signOf(change)}${change.key}`);
        changes.push(change);
      },
    });
  return { reflector, heard, changes, pauses, troubles, start };
};

/** A reflector that has listed and watches. */
export const reflecting = async (server: ApiServer, options: ReflectionOptions = {}): Promise<Reflection> => {
  const reflection = reflectPods(server, options);
  reflection.start();
  await reflection.reflector.current();
  await until(() => server.openWatches(podsPath) > 0, "a watch is open");
  return reflection;
};

/** Keys and IPs, as the reflector sees them. */
export const seenBy = ({ reflector }: Reflection) =>
  Object.fromEntries([...reflector.objects].map(([key, { ip }]): [string, string] => [key, ip]).toSorted());

/** Keys and IPs, as the server has them. */
export const stored = (server: ApiServer) =>
  Object.fromEntries(
    server
      .objects("Pod")
      .map(({ metadata, status }): [string, string] => [
        `${metadata.namespace}/${metadata.name}`,
        Object.assign({ podIP: "" }, status).podIP,
      ])
      .toSorted(),
  );

export const sameAsStored = (server: ApiServer, reflection: Reflection) =>
  until(
    () => JSON.stringify(seenBy(reflection)) === JSON.stringify(stored(server)),
    "the reflector holds what the server has",
  );

export const until = async (holds: () => boolean, what: string): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `${what}: not within 10 s`);
    await delay(2);
  }
};

/** A client that notes the headers of its requests. */
export const notingHeaders = async (
  url: string,
  headers: Readonly<Record<string, string>>[],
): Promise<Client> => {
  const { server, transport } = await clientOf(url);
  return {
    server,
    transport: {
      close: transport.close,
      open: (place, options) => {
        headers.push(options.headers ?? {});
        return transport.open(place, options);
      },
    },
  };
};

/** The wait after which a watch counts as well. */
const settled = 1_000;

const signOf = ({ before, after }: ObjectChange<Pod>) =>
  before === undefined ? "+" : after === undefined ? "-" : "~";
