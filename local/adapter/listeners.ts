import { readFile } from "node:fs/promises";
import type { AdapterSettings } from "../../lib/config/adapters.ts";
import { reasonOf } from "../../lib/errors.ts";
import { type KeyPair, type Listener, listenForAggregator } from "./listener.ts";

/** The TLS listeners that the settings ask for (`adapters[].listen`). */
export interface Listeners {
  /** Opens those that are new, closes those that are gone, takes changed certificates. What cannot be had is told, and tried again the next time. */
  follow(adapters: readonly AdapterSettings[]): Promise<void>;
  close(): Promise<void>;
}

export const createListeners = (options: {
  readonly adapt: (event: unknown) => Promise<unknown>;
  readonly log: (line: string) => void;
}): Listeners => {
  const { adapt, log } = options;
  const open = new Map<string, { readonly listener: Listener; pair: KeyPair }>();
  let last: Promise<void> = Promise.resolve();
  const one = async (
    listen: string,
    { certFile = "", keyFile = "" }: NonNullable<AdapterSettings["tls"]>,
  ) => {
    const pair = { cert: await readFile(certFile, "utf8"), key: await readFile(keyFile, "utf8") };
    const known = open.get(listen);
    if (known === undefined) {
      open.set(listen, { listener: await listenForAggregator({ listen, pair, adapt, log }), pair });
    } else if (pair.cert !== known.pair.cert || pair.key !== known.pair.key) {
      known.listener.use(pair);
      known.pair = pair;
    }
  };
  const follow = async (adapters: readonly AdapterSettings[]) => {
    const wanted = new Map(
      adapters.flatMap(({ listen, tls }) =>
        listen === undefined || tls === undefined ? [] : [[listen, tls]],
      ),
    );
    for (const [address, { listener }] of open) {
      if (wanted.has(address)) continue;
      open.delete(address);
      await listener.close();
    }
    for (const [address, tls] of wanted)
      await one(address, tls).catch((error) => log(`adapters: listen ${address}: ${reasonOf(error)}`));
  };
  return {
    follow: (adapters) => {
      last = last.then(() => follow(adapters));
      return last;
    },
    close: async () => {
      await last;
      await follow([]);
    },
  };
};
