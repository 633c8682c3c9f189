import type { RequestListener } from "node:http";
import { sendFault, sendJson, sendStatus } from "./answer.ts";
import { createFaults, type Faults } from "./faults.ts";
import { listen } from "./listener.ts";
import { createRequestLog, type RequestLog } from "./requestlog.ts";
import { failure } from "./status.ts";
import { infoOf, type Layout } from "./swarminfo.ts";
import { createSwarmState, type SwarmNode, stepSwarm } from "./swarmstate.ts";

/** A classic Swarm master for the demo and for tests: real HTTP on loopback, nothing but questions. */
export interface DemoSwarm {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** How node lines are laid out: `driver` is how Swarm wrote them before 1.1. */
  layout: Layout;
  /** As they stand; a test may replace them. */
  nodes: readonly SwarmNode[];
  /** Makes one change, and says what it was: containers move, a node stops answering, goes away, returns. */
  step(): string;
  close(): Promise<void>;
}

export interface DemoSwarmOptions {
  /** Absent or 0: any free one. */
  readonly port?: number;
  readonly layout?: Layout;
  /** In [0, 1), as Math.random. */
  readonly random?: () => number;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

export const startDemoSwarm = async (options: DemoSwarmOptions = {}): Promise<DemoSwarm> => {
  const { random = Math.random, clock = Date.now } = options;
  const faults = createFaults();
  const requests = createRequestLog();
  const handler = swarmHandler({ faults, requests, clock, info: () => infoOf(swarm.nodes, swarm.layout) });
  const { url, port, close } = await listen(handler, { port: options.port ?? 0 });
  const swarm: DemoSwarm = {
    url,
    port,
    faults,
    requests,
    layout: options.layout ?? "system",
    nodes: createSwarmState(clock),
    step: () => {
      const { nodes, says } = stepSwarm(swarm.nodes, random, clock);
      swarm.nodes = nodes;
      return says;
    },
    close,
  };
  return swarm;
};

interface HandlerInput {
  readonly faults: ReturnType<typeof createFaults>;
  readonly requests: RequestLog;
  readonly clock: () => number;
  readonly info: () => unknown;
}

const swarmHandler =
  ({ faults, requests, clock, info }: HandlerInput): RequestListener =>
  (request, response) => {
    const [address = "/", query = ""] = (request.url ?? "/").split("?", 2);
    // Docker clients put the API's version before the path.
    const path = address.replace(/^\/v\d+\.\d+(?=\/)/, "");
    const { method = "GET" } = request;
    requests.add({
      kind: "other",
      method,
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      at: clock(),
    });
    const exchange = { request, response, fault: faults.take("other", path, 0) };
    const answer = async () => {
      if (await sendFault(exchange)) return;
      if (path === "/_ping") return void response.writeHead(200, { "Content-Type": "text/plain" }).end("OK");
      if (path === "/info") return sendJson(exchange, 200, JSON.stringify(info()));
      if (path === "/version") return sendJson(exchange, 200, JSON.stringify(version));
      return sendStatus(exchange, failure(404, "page not found"));
    };
    answer().catch(() => response.destroy());
  };

const version = { Version: "swarm/1.2.9", ApiVersion: "1.22", Os: "linux", Arch: "amd64" };
