import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { KeyPair } from "../../unit/http/support/certificates.ts";

export interface Place {
  readonly port: number;
  /** Of the certificate there, PEM. */
  readonly authority: string;
}

/** One request straight to an adapter, by whoever shows this certificate, with these headers. */
export const askDirectly = (
  { port, authority }: Place,
  path: string,
  { client, headers = {} }: { client?: KeyPair; headers?: Readonly<Record<string, string | string[]>> } = {},
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const servername = "rollcall-adapter.rollcall.svc";
    const agent = new Agent({ ca: authority, servername, ...client });
    const options = {
      host: "127.0.0.1",
      port,
      path,
      agent,
      headers: { Host: `localhost:${port}`, ...headers },
    };
    const sent = request(options, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) });
      agent.destroy();
    });
    sent.once("error", reject);
    sent.end();
  });
