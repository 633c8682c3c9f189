import type { Writable } from "node:stream";
import type { Clock } from "../lib/clock.ts";
import { reasonOf } from "../lib/errors.ts";
import { createAsynchronous } from "./function/asynchronous.ts";
import { ClientGoneError, defineAwslambda, hasBegun } from "./function/awslambda.ts";
import { createContext } from "./function/context.ts";
import type { FunctionDefinition } from "./function/definition.ts";
import { type Handler, loadHandler } from "./function/load.ts";

/** The local Lambda: functions by name. Failures and time-outs are told in the log and reject. */
export interface Functions {
  /** Waits for the answer. A streaming function has none here: use `stream`. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Takes the event and returns; retries follow the template. */
  invokeAsync(name: string, event: unknown): void;
  /** Writes the answer of a streaming function into `stream`. */
  stream(name: string, event: unknown, stream: Writable): Promise<void>;
  isStreaming(name: string): boolean;
  /**
   * Takes no asynchronous invocation any more, and tells those functions that run that their time is over, so that one
   * which works until then comes to its end.
   */
  stop(): void;
  /** Resolves when nothing invoked asynchronously is running any more. */
  idle(): Promise<void>;
}

/** Imports every handler below `root`, so that one that cannot start refuses the start. The environment must be set. */
export const loadFunctions = async (options: {
  definitions: readonly FunctionDefinition[];
  root: string;
  clock: Clock;
  log: (line: string) => void;
  /** Takes the record of an asynchronous event that came to nothing, for the queue of that ARN. */
  giveUp: (arn: string, record: object) => void;
}): Promise<Functions> => {
  const { definitions, root, clock, log, giveUp } = options;
  defineAwslambda();
  const loaded = new Map<string, Loaded>();
  for (const definition of definitions) {
    loaded.set(definition.name, { definition, handler: await loadHandler(definition, root) });
  }
  const find = (name: string): Loaded => {
    const found = loaded.get(name);
    if (!found) throw new Error(`there is no function ${name}`);
    return found;
  };
  const running = new Set<() => void>();
  const run = async (
    definition: FunctionDefinition,
    work: (context: object) => unknown,
    isAnswering = () => false,
  ): Promise<unknown> => {
    const { context, hurry } = createContext(definition, clock);
    running.add(hurry);
    try {
      return await withinTime({ definition, clock, isAnswering }, work(context));
    } catch (thrown) {
      log(`${definition.name} failed: ${reasonOf(thrown)}`);
      throw thrown;
    } finally {
      running.delete(hurry);
    }
  };
  const invoke = async ({ definition, handler }: Loaded, event: unknown) => {
    if (handler.kind === "streaming") throw new Error(`function ${definition.name} streams its answer`);
    const copy: unknown = JSON.parse(JSON.stringify(event));
    return run(definition, async (context) => handler.run(copy, context));
  };
  const asynchronous = createAsynchronous({
    clock,
    log,
    giveUp,
    run: ({ name }, event) => invoke(find(name), event),
  });
  return {
    invoke: async (name, event) => invoke(find(name), event),
    invokeAsync: (name, event) => asynchronous.invoke(find(name).definition, event),
    async stream(name, event, stream) {
      const { definition, handler } = find(name);
      if (handler.kind === "buffered") throw new Error(`function ${name} does not stream its answer`);
      const work = async (context: object) => {
        await handler.run(event, stream, context).catch((thrown) => {
          if (!(stream.errored instanceof ClientGoneError)) throw thrown;
        });
        if (stream.errored && !(stream.errored instanceof ClientGoneError)) throw stream.errored;
        if (!stream.writableEnded && !stream.destroyed)
          throw new Error("the function returned before its answer ended");
      };
      await run(definition, work, () => hasBegun(stream));
    },
    isStreaming: (name) => find(name).handler.kind === "streaming",
    stop() {
      asynchronous.stop();
      for (const hurry of running) hurry();
    },
    idle: asynchronous.idle,
  };
};

interface Loaded {
  readonly definition: FunctionDefinition;
  readonly handler: Handler;
}

interface Time {
  readonly definition: FunctionDefinition;
  readonly clock: Clock;
  /** What is left to do is only as slow as the reader. */
  readonly isAnswering: () => boolean;
}

/**
 * Lambda freezes a function at its limit. Here it goes on in the background, since nothing can stop it, but its answer
 * is not taken any more. One that is being read is let go on for ten minutes: in the cloud a list that would arrive too late is
 * refused beforehand, by a speed of the door (`DOOR_BYTES_PER_SECOND`) that nobody knows here.
 */
const withinTime = async ({ definition, clock, isAnswering }: Time, work: unknown): Promise<unknown> => {
  const { timeout } = definition;
  let stop = () => {};
  const late = new Promise<never>((_, reject) => {
    const fail = (after: number) => reject(new Error(`Task timed out after ${after / 1000} seconds`));
    stop = clock.after(timeout, () => {
      if (!isAnswering()) return fail(timeout);
      stop = clock.after(Math.max(0, longestAnswer - timeout), () => fail(longestAnswer));
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop();
  }
};

/** Milliseconds. */
const longestAnswer = 600_000;
