import fc from "fast-check";
import { createHttpDiscoverer } from "../../../lib/discovery/http.ts";
import { provider } from "../../fakes/providers.ts";
import type { Door } from "../door.ts";
import { withPassword } from "../line.ts";
import { looks } from "../looks.ts";

const lists = [
  [],
  [{ targets: ["127.0.0.1:80", "[::1]:80"], labels: { team: "shop", __meta_x: "1" } }, { targets: [] }],
  [{ Targets: ["a"], LABELS: null }, { targets: null, labels: {} }, {}],
];

/** What an HTTP SD server answers. */
export const httpSd: Door = {
  name: "http_sd",
  runs: 40,
  open: async (scope) => [
    await looks(scope, {
      samples: fc.constantFrom(...lists),
      soundly: (document) => ({ document }),
      discoverer: () => createHttpDiscoverer({ maxBytes: 16 * 2 ** 20 }),
      provider: (server, _, refreshInterval) =>
        provider({
          id: "http/0123456789ab",
          config: { mechanism: "http", url: `${server}sd?a=b`, refreshInterval, httpClient: withPassword },
        }),
    }),
  ],
};
