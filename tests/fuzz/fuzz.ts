import { inspect } from "node:util";
import fc from "fast-check";
import type { Behaviour, Door, Guard, Scope } from "./door.ts";
import { startWatchdog } from "./watchdog.ts";

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of the case that failed, as it was told; of one behaviour only. */
  readonly path?: string;
  readonly show?: (one: unknown) => void;
}

export interface Fuzzed {
  readonly behaviour: string;
  readonly runs: number;
  /** Undefined when everything held; else all that is needed to see it again. */
  readonly failure?: string;
}

/** Megabytes that a process may grow by while it is at one door: above the bounds of the several answers that a look may wait for at once. */
const mostMegabytes = 2_000;

/** Tries a door, each of its behaviours with cases of its own; a failure is shrunk and told, not thrown. */
export const fuzz = async (door: Door, scope: Scope, options: FuzzOptions): Promise<Fuzzed[]> => {
  const { name, bound = 30_000 } = door;
  const watchdog = startWatchdog({ about: `${name}: seed ${options.seed}`, bound: 3 * bound });
  const escaped = watchEscapes();
  try {
    const found: Fuzzed[] = [];
    for (const one of await door.open(scope))
      found.push(await tryOne(one, { ...options, bound, escaped, watchdog }));
    const grown = watchdog.grownMegabytes();
    if (grown > mostMegabytes) found.push({ behaviour: "memory", runs: 0, failure: `grew by ${grown} MB` });
    return found;
  } finally {
    escaped.end();
    await watchdog.end();
  }
};

interface Trying extends FuzzOptions {
  readonly bound: number;
  readonly escaped: ReturnType<typeof watchEscapes>;
  readonly watchdog: ReturnType<typeof startWatchdog>;
}

const tryOne = async (
  { name, share = 1, check }: Behaviour,
  { runs, seed, path, show, bound, escaped, watchdog }: Trying,
): Promise<Fuzzed> => {
  let shrinking = Number.POSITIVE_INFINITY;
  const guard: Guard = async (hold) => {
    // Whoever waits for a shrunk case has patience for so many more, and no longer.
    fc.pre(shrinking-- > 0);
    watchdog.begin();
    try {
      await within(bound, hold);
      escaped.rethrow();
    } catch (error) {
      if (shrinking > mostShrinking) shrinking = mostShrinking;
      throw error;
    } finally {
      watchdog.done();
    }
  };
  const numRuns = Math.max(1, Math.ceil(runs * share));
  const details = await check(guard, {
    numRuns,
    seed,
    ...(path !== undefined && { path }),
    ...(show && { show }),
  });
  const { failed, counterexamplePath, counterexample, errorInstance } = details;
  if (!failed) return { behaviour: name, runs: details.numRuns };
  const failure = [
    `seed ${seed}, path ${counterexamplePath}`,
    shown(inspect(errorInstance, { depth: 1 })),
    printed(counterexample),
  ].join("\n");
  return { behaviour: name, runs: details.numRuns, failure };
};

const mostShrinking = 100;
/** A case, for people. */
export const printed = (one: unknown): string =>
  shown(inspect(one, { depth: 12, maxStringLength: 400, maxArrayLength: 40 }));

const shown = (told: unknown) => String(told).slice(0, 5_000);

const within = async (bound: number, hold: () => void | Promise<void>): Promise<void> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const begunAt = performance.now();
  const timer = setTimeout(() => reject(new Error(`not over after ${bound} ms`)), bound);
  try {
    await Promise.race([hold(), late]);
  } finally {
    clearTimeout(timer);
  }
  const took = Math.round(performance.now() - begunAt);
  if (took > bound) throw new Error(`took ${took} ms, and nothing else could run`);
};

/** Rejections and errors that nobody awaited. */
const watchEscapes = () => {
  const escapes: unknown[] = [];
  const note = (reason: unknown) => escapes.push(reason);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  return {
    rethrow: () => {
      const [first] = escapes.splice(0);
      if (first !== undefined) throw new Error("escaped", { cause: first });
    },
    end: () => {
      process.off("unhandledRejection", note);
      process.off("uncaughtException", note);
    },
  };
};
