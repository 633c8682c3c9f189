import { once } from "node:events";
import http, { type IncomingMessage, type RequestListener } from "node:http";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { DockerSdConfig, DockerSwarmSdConfig } from "../../../../lib/config/configuration.ts";
import {
  createDockerDiscoverer,
  createDockerSwarmDiscoverer,
  type DockerOptions,
} from "../../../../lib/discovery/docker/discover.ts";
import { plainClient } from "../../http/support/config.ts";
import { temporaryFolder } from "../../http/support/files.ts";
import { serve } from "../../http/support/server.ts";

/** The lists that a daemon gives, by their path below the version. */
export type Lists = Readonly<Record<string, unknown>>;

/** Answers as a Docker 20.10 daemon does; `asked` gathers what was asked for. */
export const daemonListener = (lists: Lists, asked: IncomingMessage[] = []): RequestListener => {
  return (request, response) => {
    asked.push(request);
    response.setHeader("Api-Version", "1.41");
    const path = new URL(request.url ?? "/", "http://docker").pathname;
    if (path === "/_ping") return void response.end(request.method === "HEAD" ? undefined : "OK");
    const list = lists[path.replace(/^\/v1\.41/, "")];
    response.setHeader("content-type", "application/json");
    if (list === undefined) response.statusCode = 404;
    response.end(JSON.stringify(list === undefined ? { message: "page not found" } : list));
  };
};

/** A daemon on loopback; `host` is how a block names it. */
export const startDaemon = async (t: TestContext, lists: Lists) => {
  const asked: IncomingMessage[] = [];
  const { url } = await serve(t, daemonListener(lists, asked));
  return { host: `tcp://${url.host}`, asked };
};

/** The same on a Unix socket. */
export const listenOnSocket = async (t: TestContext, listener: RequestListener): Promise<string> => {
  const path = join(await temporaryFolder(t), "docker.sock");
  const server = http.createServer(listener).listen(path);
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `unix://${path}`;
};

const common = { host: "", port: 80, filters: [], refreshInterval: 60_000, httpClient: plainClient };

/** Looks once; an error is thrown. */
export const lookAtSwarm = (config: Partial<DockerSwarmSdConfig>, options?: DockerOptions) =>
  lookAt({ role: "nodes", ...common, ...config, mechanism: "dockerswarm" }, options);

export const lookAtEngine = (config: Partial<DockerSdConfig>, options?: DockerOptions) =>
  lookAt(
    { hostNetworkingHost: "localhost", matchFirstNetwork: true, ...common, ...config, mechanism: "docker" },
    options,
  );

const lookAt = async (config: DockerSdConfig | DockerSwarmSdConfig, options?: DockerOptions) => {
  const id = `${config.mechanism}/0123456789ab`;
  const provider = {
    id,
    config,
    cluster: id,
    clusterName: "edge",
    jobs: ["job"],
    every: 60_000,
    follow: "schedule" as const,
  };
  const create = config.mechanism === "docker" ? createDockerDiscoverer : createDockerSwarmDiscoverer;
  const [outcome] = await create(options)([provider], AbortSignal.timeout(20_000));
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no outcome");
  return outcome.look;
};
