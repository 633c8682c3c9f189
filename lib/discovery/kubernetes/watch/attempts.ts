import { reasonOf } from "../../../errors.ts";
import type { Client } from "../client.ts";
import type { KubernetesObject } from "../objects/meta.ts";
import { asError } from "../outcome.ts";
import { createBackoff } from "./backoff.ts";
import type { Health } from "./health.ts";
import { consequenceOf, Interruption } from "./interruption.ts";
import type { ListWatch, Sink } from "./listwatch.ts";

export interface AttemptsOptions<T extends KubernetesObject> {
  readonly client: (wanted: { readonly fresh: boolean }) => Client | Promise<Client>;
  readonly clock: () => number;
  readonly random: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly listWatch: ListWatch<T>;
  readonly health: Health;
  readonly reader: Reader<T>;
}

/** Takes what comes; what throws in here ends the attempt, and everything is listed anew. */
export interface Reader<T extends KubernetesObject> extends Omit<Sink<T>, "watching"> {
  recovered(): void;
}

/** One attempt to list and watch after the other, each after the pause that the last one's end asks for, until stopped. */
export const keepTrying = async <T extends KubernetesObject>(
  options: AttemptsOptions<T>,
  stop: AbortSignal,
): Promise<void> => {
  const { listWatch, health, wait } = options;
  const backoff = createBackoff(options.random);
  let fresh = false;
  while (!stop.aborted) {
    const { error, steady } = await attempt(options, { stop, fresh });
    if (stop.aborted) return;
    const consequence = consequenceOf(error, fresh);
    const pause = backoff.after({ ...consequence, steady });
    if (consequence.relist || (consequence.away && pause.ends >= outage)) listWatch.forget();
    if (pause.shown) health.failed(asError(error));
    fresh = consequence.unauthorized;
    // Rejects when stopped, and then there is nothing left to do.
    if (pause.milliseconds > 0) await wait(pause.milliseconds, stop).catch(() => undefined);
  }
};

interface Ended {
  readonly error: unknown;
  /** The watch was open for a while. */
  readonly steady: boolean;
}

/**
 * A server that was away for so many attempts may come back as another one, restored or made anew, which counts from
 * elsewhere: a watch from the old version would hear nothing for a long time.
 */
const outage = 3;
/** A watch that lived for so long was a good one. */
const steadyMilliseconds = 10_000;
/** A server that lets a watch be opened may still have nothing but an error for it, which comes at once. */
const settledMilliseconds = 1_000;

const attempt = async <T extends KubernetesObject>(
  options: AttemptsOptions<T>,
  { stop, fresh }: { stop: AbortSignal; fresh: boolean },
): Promise<Ended> => {
  const { clock, wait, health } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  let since = Number.POSITIVE_INFINITY;
  const well = () => recover(options);
  const watching = () => {
    since = clock();
    health.ready();
    wait(settledMilliseconds, signal)
      .then(well)
      .catch((error: unknown) => over.abort(error));
  };
  let client: Client | undefined;
  try {
    client = await options.client({ fresh });
    return await options.listWatch.attempt(client, sinkOf(options, { watching, well }), signal);
  } catch (error) {
    const cause: unknown = over.signal.aborted ? over.signal.reason : error;
    return { error: cause, steady: clock() - since >= steadyMilliseconds };
  } finally {
    over.abort();
    client?.transport.close();
  }
};

const sinkOf = <T extends KubernetesObject>(
  { health, reader }: AttemptsOptions<T>,
  { watching, well }: { watching: () => void; well: () => void },
): Sink<T> => ({
  listed: (objects) => {
    tell(() => reader.listed(objects));
    health.ready();
  },
  watching,
  happened: (event) => {
    well();
    tell(() => reader.happened(event));
  },
});

const recover = <T extends KubernetesObject>({ health, reader }: AttemptsOptions<T>) => {
  if (health.recovered()) tell(() => reader.recovered());
};

const tell = (say: () => void) => {
  try {
    say();
  } catch (cause) {
    throw new Interruption("unreliable", `a change could not be passed on: ${reasonOf(cause)}`, { cause });
  }
};
