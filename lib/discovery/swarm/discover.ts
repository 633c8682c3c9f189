import { reasonOf, TransientError } from "../../errors.ts";
import { placeOf } from "../../http/place.ts";
import { readAll, type Transport } from "../../http/transport.ts";
import { createTransports, type TransportFor } from "../../http/transports.ts";
import { withClusterLabel } from "../clusterlabel.ts";
import type { Discoverer } from "../discoverer.ts";
import { completeLook, eachProvider } from "../outcome.ts";
import { mastersGroup, nodesGroup } from "./groups.ts";
import { parseInfo } from "./info.ts";
import { createMasters } from "./masters.ts";
import type { SwarmNode } from "./node.ts";

export interface SwarmOptions {
  readonly transportFor?: TransportFor;
  /**
   * How long one master may take for its whole answer, unless the refresh interval is shorter; 10 seconds by default, so
   * that a dead one leaves time for the next.
   */
  readonly masterMilliseconds?: number;
}

/** A thousand nodes with twenty labels each take about one MiB. */
const maxBytes = 32 * 1024 * 1024;

/**
 * Classic Swarm (design §3.6): the first master that answers well tells the nodes; one that fails goes to the end of the
 * order, which is remembered across looks. When none answers well the outcome is one error that names each master and its
 * fault, and the old groups stay.
 */
export const createSwarmDiscoverer = (options: SwarmOptions = {}): Discoverer => {
  const { transportFor = createTransports(), masterMilliseconds = 10_000 } = options;
  const masters = createMasters();
  return eachProvider("swarm", async (provider, signal) => {
    const { config, id } = provider;
    const patience = { signal, milliseconds: Math.min(config.refreshInterval, masterMilliseconds) };
    const transport = transportFor(config.httpClient);
    const faults: string[] = [];
    for (const master of masters.order(id, config.masters)) {
      signal.throwIfAborted();
      try {
        const nodes = await askMaster(transport, infoUrl(master), patience);
        const groups = [
          mastersGroup(config.masters, config.metricsPort),
          nodesGroup(nodes, config.metricsPort),
        ];
        return completeLook(withClusterLabel(provider, groups));
      } catch (error) {
        // A look that was called off says nothing about the master.
        signal.throwIfAborted();
        masters.failed(id, master);
        faults.push(faultOf(master, error));
      }
    }
    throw new TransientError(`no Swarm master answers well: ${faults.join("; ")}`);
  });
};

interface Patience {
  readonly signal: AbortSignal;
  readonly milliseconds: number;
}

const askMaster = async (
  transport: Transport,
  url: URL,
  { signal, milliseconds }: Patience,
): Promise<SwarmNode[]> => {
  const answer = await transport.open(url, {
    headers: { accept: "application/json" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]),
    timeoutMilliseconds: milliseconds,
  });
  try {
    if (answer.status !== 200) throw new Error(`HTTP status ${answer.status} ${answer.statusText}`.trimEnd());
    return parseInfo((await readAll(answer, maxBytes)).toString("utf8"));
  } finally {
    answer.body.destroy();
  }
};

/** A master may live below a path of a gateway. */
const infoUrl = (master: string): URL => {
  const url = new URL(master);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/info`;
  return url;
};

const faultOf = (master: string, error: unknown): string => {
  const place = placeOf(new URL(master)).replace(/\/+$/, "");
  const reason = reasonOf(error);
  return reason.startsWith(place) ? reason : `${place}: ${reason}`;
};
