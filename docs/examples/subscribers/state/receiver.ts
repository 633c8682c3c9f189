import { createServer, type IncomingMessage, type Server } from "node:http";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { readListing, toldSchema } from "./listing.ts";
import type { State } from "./state.ts";

/**
 * A webhook's receiver that keeps a state: what is signed well and newer is taken. It answers 204 to what it took and to
 * old news alike, since neither should come again; a bad signature gets 401, and what cannot be read 400.
 */
export const createReceiver = ({ state, secret }: { state: State; secret: string }): Server => {
  const webhook = new Webhook(secret);
  return createServer(async (request, response) => {
    const status = await receive(request, { webhook, state }).catch(() => 400);
    response.writeHead(status).end();
  });
};

/** Reads the whole listing into the state: at the start, with the webhook connected already, and each hour after. */
export const beginWith = async (
  state: State,
  door: Parameters<typeof readListing>[0] & { readonly clock: () => number },
): Promise<void> => {
  const begun = door.clock();
  state.repair(await readListing(door), begun);
};

const receive = async (
  request: IncomingMessage,
  { webhook, state }: { webhook: Webhook; state: State },
): Promise<number> => {
  const body = await textOf(request);
  try {
    webhook.verify(body, headersOf(request));
  } catch {
    return 401;
  }
  const { data } = payloadSchema.parse(JSON.parse(body));
  state.offer(data);
  return 204;
};

const payloadSchema = z.object({ type: z.literal("target_group.changed"), data: toldSchema });

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const mostBytes = 64_000_000;

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error("too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};
