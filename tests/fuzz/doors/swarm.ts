import fc from "fast-check";
import { createSwarmDiscoverer } from "../../../lib/discovery/swarm/discover.ts";
import { provider } from "../../fakes/providers.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";
import { looks } from "../looks.ts";
import { recordedTrees } from "../samples.ts";

/** `GET /info` of a classic Swarm's master (design §3.6). */
export const swarm: Door = {
  name: "swarm",
  runs: 30,
  open: async (scope) => [
    await looks(scope, {
      samples: fc.constantFrom(...recordedTrees("fixtures/swarm/*.json")),
      soundly: (document, { pathname }) => (pathname === "/info" ? { document } : undefined),
      discoverer: createSwarmDiscoverer,
      provider: (server, _, refreshInterval) =>
        provider({
          id: "swarm/0123456789ab",
          config: {
            mechanism: "swarm",
            masters: [server.origin],
            refreshInterval,
            metricsPort: "8070",
            httpClient: withPassword,
          },
        }),
    }),
  ],
};
