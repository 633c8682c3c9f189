import fc from "fast-check";
import * as z from "zod";
import { Secret } from "../../../lib/config/secret.ts";
import { createTransport } from "../../../lib/http/client.ts";
import { readAll } from "../../../lib/http/transport.ts";
import { plainClient } from "../../unit/http/support/config.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { password } from "../line.ts";

const whoIn = (text: string): unknown => {
  try {
    return z.object({ who: z.string() }).parse(JSON.parse(text)).who;
  } catch {
    throw new Error("the server said nothing");
  }
};

/** Servers that give tokens, whoever needs them. */
export const oauth2: Door = {
  name: "oauth2",
  runs: 30,
  open: async (scope) => [
    await answers(scope, {
      samples: fc.constant({
        access_token: "made-up-token",
        token_type: "Bearer",
        expires_in: 3600,
        scope: "a",
      }),
      soundly: (document, { pathname }, { headers }) =>
        pathname === "/token" ? { document } : { document: { who: headers.authorization ?? "nobody" } },
      ask: async (server, _, timeoutMilliseconds) => {
        const { origin } = server;
        const { tls, proxy } = plainClient;
        const own = { clientId: "c", clientSecret: new Secret(password), tokenUrl: `${origin}/token` };
        const transport = createTransport({
          ...plainClient,
          oauth2: { ...own, scopes: [], endpointParams: {}, tls, proxy },
        });
        try {
          const signal = AbortSignal.timeout(2 * timeoutMilliseconds);
          const answer = await transport.open(new URL("/x", origin), { signal, timeoutMilliseconds });
          const text = (await readAll(answer, 16 * 2 ** 20)).toString("utf8");
          if (answer.status !== 200) throw new Error(`status ${answer.status}`);
          // A text that was cut would be a text.
          return whoIn(text);
        } finally {
          transport.close();
        }
      },
    }),
  ],
};
