import type { KubernetesAccess } from "../../config/configuration.ts";
import { TransientError } from "../../errors.ts";
import type { Transport } from "../../http/transport.ts";
import { type Client, type ClientOptions, createClient } from "./client.ts";

/** One client at a time for all who share its credentials. */
export interface Clients {
  /** To be given back by its transport's `close`. Throws as `createClient` does. */
  take(): Client;
  /** The next one taken is another; the present one closes with the last of its users. */
  renew(): void;
}

/**
 * A kubeconfig, a token and a plugin's answer are read anew every few minutes, and after they were refused or could not be
 * had. Who is at work goes on with what it took.
 */
export const createClients = (
  access: KubernetesAccess,
  options: ClientOptions & { readonly clock: () => number },
): Clients => {
  let newest: Shared | undefined;
  const renew = () => {
    newest?.retire();
    newest = undefined;
  };
  return {
    take: () => {
      if (newest?.isSpent(options.clock())) renew();
      newest ??= share(createClient(access, options), options.clock());
      return newest.take();
    },
    renew,
  };
};

interface Shared {
  take(): Client;
  isSpent(now: number): boolean;
  retire(): void;
}

const lifeMilliseconds = 5 * 60_000;

const share = ({ server, transport }: Client, madeAt: number): Shared => {
  let users = 0;
  let retired = false;
  let refused = false;
  const closeUnused = () => {
    if (retired && users === 0) transport.close();
  };
  const open: Transport["open"] = async (url, request) => {
    try {
      const answer = await transport.open(url, request);
      refused ||= answer.status === 401;
      return answer;
    } catch (error) {
      // The network's faults are not the client's; a login that failed would fail for good.
      refused ||= !(error instanceof TransientError);
      throw error;
    }
  };
  return {
    take: () => {
      users += 1;
      let closed = false;
      const close = () => {
        if (closed) return;
        closed = true;
        users -= 1;
        closeUnused();
      };
      return { server, transport: { open, close } };
    },
    isSpent: (now) => refused || now - madeAt >= lifeMilliseconds,
    retire: () => {
      retired = true;
      closeUnused();
    },
  };
};
