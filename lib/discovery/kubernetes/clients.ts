import type { KubernetesAccess } from "../../config/configuration.ts";
import { TransientError } from "../../errors.ts";
import type { Transport } from "../../http/transport.ts";
import { type Client, type ClientOptions, createClient } from "./client.ts";

/** One client at a time for all who share its credentials. */
export interface Clients {
  /** To be given back by its transport's `close`. Rejects as `createClient` does. */
  take(): Promise<Client>;
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
  let newest: Newest | undefined;
  const renew = () => {
    newest?.shared.then(({ retire }) => retire()).catch(() => undefined);
    newest = undefined;
  };
  const begin = (now: number): Newest => {
    const shared = createClient(access, options).then(share);
    const one: Newest = { shared, madeAt: now };
    // Who comes later tries anew.
    shared.catch(() => {
      if (newest === one) newest = undefined;
    });
    return one;
  };
  return {
    take: async () => {
      const [held, now] = [newest, options.clock()];
      const isSpent =
        held !== undefined && (now - held.madeAt >= lifeMilliseconds || (await held.shared).isRefused());
      // Somebody else may have renewed it meanwhile.
      if (isSpent && newest === held) renew();
      newest ??= begin(now);
      return (await newest.shared).take();
    },
    renew,
  };
};

interface Newest {
  readonly shared: Promise<Shared>;
  readonly madeAt: number;
}

interface Shared {
  take(): Client;
  isRefused(): boolean;
  retire(): void;
}

const lifeMilliseconds = 5 * 60_000;

const share = ({ server, transport }: Client): Shared => {
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
    isRefused: () => refused,
    retire: () => {
      retired = true;
      closeUnused();
    },
  };
};
